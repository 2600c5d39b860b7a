"""The pictures that answer a question: from the knowledge to a specification in the reader's language, without I/O."""

from bot.commands.pictures.clocks import clocks_picture
from bot.commands.pictures.figures import limits_picture, matrix_picture
from bot.commands.pictures.timeline import timeline_picture

__all__ = ["clocks_picture", "limits_picture", "matrix_picture", "timeline_picture"]
