"""Chipwatch: alerts and answers about the export rules for AI chips."""

__version__ = "1.0.0"
