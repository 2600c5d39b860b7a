"""A small recording for `chipwatch demo`: the facts of July 2025, told in words written for it by outlets that do not
exist. What the law was then stands in the ledger, not here."""

from __future__ import annotations

from pathlib import Path

RECORDING = Path(__file__).parent / "recording"
