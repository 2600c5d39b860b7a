"""Screening lists: the rows of a download, and the parties that they name."""
