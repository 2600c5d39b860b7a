"""What the tests of Discord share: the checker of requests against the official description, and cards of every sort."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Check = Callable[[str, str, Any], list[str]]


@pytest.fixture(scope="session")
def check(shared: Path) -> Check:
    """What is wrong with a request, by the official description; empty when nothing is."""
    file = shared / "platform" / "discord_spec_check.py"
    spec = importlib.util.spec_from_file_location("discord_spec_check", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["discord_spec_check"] = module
    spec.loader.exec_module(module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves the description open
        module.load()
    found: Check = module.check
    return found
