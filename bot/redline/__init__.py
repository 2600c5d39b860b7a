"""The redline: what changed between two dated texts, paragraph by paragraph and word by word. Pure."""

from bot.redline.redline import Hunk, HunkKind, Redline, rebuild, redline, redline_of_lists, redline_of_paragraphs

__all__ = ["Hunk", "HunkKind", "Redline", "rebuild", "redline", "redline_of_lists", "redline_of_paragraphs"]
