"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.databases import postgres, store_url

__all__ = ["postgres", "shared", "store_url"]

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SHARED_MATERIAL", ROOT.parent / "shared"))

for name in [name for name in os.environ if name.startswith("CHIPWATCH_") and not name.startswith("CHIPWATCH_TEST_")]:
    del os.environ[name]  # the settings of whoever runs the tests are not the ones under test


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded answers, corpora and specifications that may lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"the recordings are not here: no folder {SHARED}")
    return SHARED
