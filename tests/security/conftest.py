"""What these tests borrow from the rooms that they attack: a publisher, a client, a serving board."""

from __future__ import annotations

from tests.e2e.conftest import chipwatch
from tests.fetch.conftest import network, publisher
from tests.web.conftest import board, shipped

__all__ = ["board", "chipwatch", "network", "publisher", "shipped"]
