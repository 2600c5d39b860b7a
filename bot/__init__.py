"""Chipwatch: alerts and answers about the export rules for AI chips."""

__version__ = "0.1.0"
