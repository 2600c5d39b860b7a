"""What Slack's tests share: the checker of payloads that the project did not write."""

import importlib.util
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Check = Callable[[Any], list[str]]


@pytest.fixture(scope="session")
def checker(shared: Path) -> ModuleType:
    """`slack_block_check`: Slack's own types, SDK and manifest schema, and the documented limits."""
    spec = importlib.util.spec_from_file_location("slack_block_check", shared / "platform" / "slack_block_check.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its schema to the collector
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def check(checker: ModuleType) -> Check:
    found: Check = checker.check
    return found
