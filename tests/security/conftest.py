"""What these tests borrow from the rooms that they attack: the command line, a serving board."""

from __future__ import annotations

from tests.e2e.conftest import chipwatch
from tests.web.conftest import board

__all__ = ["board", "chipwatch"]
