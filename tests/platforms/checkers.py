"""The checkers of what is sent to Discord and Slack, which the project did not write: they lie beside the checkout."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

DiscordCheck = Callable[[str, str, Any], list[str]]
SlackCheck = Callable[[Any], list[str]]


def discord(shared: Path) -> DiscordCheck:
    """What is wrong with a request, by the official description; empty when nothing is."""
    module = _module(shared / "platform" / "discord_spec_check.py")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves the description open
        module.load()
    found: DiscordCheck = module.check
    return found


def slack(shared: Path) -> ModuleType:
    """`slack_block_check`: Slack's own types, SDK and manifest schema, and the documented limits."""
    return _module(shared / "platform" / "slack_block_check.py")


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its schema to the collector
        spec.loader.exec_module(module)
    return module
