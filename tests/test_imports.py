"""Who may import whom: the rule of the rooms, read off the source of every module (imports inside functions too)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"

# The rule. A room imports from its own list only; only the command line knows `app`, which knows the rest.
GROUND = {"model", "settings", "clock", "errors", "logs", "owner", "supervision"}
KNOWN = GROUND | {"knowledge", "locale", "redline"}
PARTS = KNOWN | {"fetch", "sources", "store", "cards"}
WORK = PARTS | {"commands", "delivery", "pipeline"}
MAY_IMPORT = {
    "model": {"clock", "errors"},
    "clock": set(),
    "errors": set(),
    "logs": set(),
    "owner": set(),
    "supervision": {"clock", "errors"},
    "settings": {"errors"},
    "locale": GROUND,
    "knowledge": GROUND - {"settings"},
    "redline": {"model", "clock", "errors"},
    "demo": set(),
    "fetch": GROUND,
    "cards": KNOWN,
    "store": KNOWN,
    "sources": KNOWN | {"fetch"},
    "pipeline": PARTS | {"delivery"},
    "delivery": PARTS,
    "commands": PARTS | {"delivery", "pipeline"},
    "platforms": WORK,
    "web": WORK,
    "app": WORK | {"demo", "platforms", "web"},
    "cli": WORK | {"app", "demo", "platforms", "web"},
    "__main__": {"cli"},
}

CHAT = {"discord", "slack_bolt", "slack_sdk", "slack"}
SQL = {"sqlalchemy", "alembic", "sqlite3", "asyncpg"}
NETWORK = {"aiohttp", "httpx", "requests", "urllib3", "websockets"}
OUTSIDE = CHAT | SQL | NETWORK | {"apscheduler"}

# Which modules alone may import a library; a name stands for everything under it.
ONLY_IN = {
    "discord": {"platforms/discord"},
    "slack_bolt": {"platforms/slack"},
    "slack_sdk": {"platforms/slack"},
    "slack": set[str](),
    "sqlalchemy": {"store", "platforms/slack"},  # Slack's own installation store brings its tables
    "alembic": {"store"},
    "sqlite3": {"store"},
    "asyncpg": {"store"},
    "aiohttp": {"fetch", "web", "platforms"},
    "httpx": set[str](),
    "requests": set[str](),
    "urllib3": set[str](),
    "apscheduler": {"pipeline/clockwork"},
    "feedparser": {"sources"},
    "typer": {"cli"},
    "prometheus_client": {"web"},
    "structlog": {"logs"},
    "sentry_sdk": {"app/error_reports"},
    "vl_convert": {"cards"},
}
PURE = ("knowledge", "model", "cards", "redline", "locale")
ABSENT_FROM_PURE_KNOWLEDGE = {"asyncio", "socket", "subprocess", "time", "random", "threading", "urllib.request"}


def modules() -> list[Path]:
    return sorted(BOT.rglob("*.py"))


def place(module: Path) -> str:
    """`bot/pipeline/clockwork.py` is `pipeline/jobs`."""
    return module.relative_to(BOT).with_suffix("").as_posix().removesuffix("/__init__")


def imported(source: str, module: str = "") -> Iterator[tuple[int, str]]:
    """Every dotted name that a module imports, with its line; `importlib.import_module("bot.x")` counts."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, name.name) for name in names)
            case ast.ImportFrom(module=None):
                yield node.lineno, "."
            case ast.ImportFrom(module=str(origin), level=0, names=names):
                # `from bot import settings` names a room, `from bot.model import Document` a thing in one
                yield from ((node.lineno, f"bot.{name.name}" if origin == "bot" else origin) for name in names)
            case ast.ImportFrom():
                yield node.lineno, "."
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[argument, *_]):
                text = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield node.lineno, text.value.rstrip(".")


def offences(where: str, source: str) -> list[str]:
    """What a module at `where` imports against the rule."""
    room = where.split("/")[0]
    found = []
    for line, name in imported(source):
        top, *rest = name.split(".")
        at = f"bot/{where}.py:{line}"
        if top == "":
            found.append(f"{at}: relative import; write the whole name")
        elif top == "bot" and rest and rest[0] != room and rest[0] not in MAY_IMPORT[room]:
            found.append(f"{at}: {room} must not import {rest[0]}")
        elif top in ONLY_IN and not any(where == own or where.startswith(f"{own}/") for own in ONLY_IN[top]):
            found.append(f"{at}: {top} belongs to {', '.join(sorted(ONLY_IN[top])) or 'nobody'}")
        elif room in PURE and top in OUTSIDE:
            found.append(f"{at}: {room} knows no {top}")
        elif room == "knowledge" and {top, name} & ABSENT_FROM_PURE_KNOWLEDGE:
            found.append(f"{at}: knowledge is pure, {name} is not")
    return found


def clock_reads(source: str) -> list[int]:
    """The lines that ask the machine what time it is."""
    asks = {"now", "today", "utcnow", "monotonic", "perf_counter"}
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    named = [func for func in calls if isinstance(func, ast.Attribute) and func.attr in asks]
    return [f.lineno for f in named if isinstance(f.value, ast.Name) and f.value.id in ("datetime", "date", "time")]


@pytest.mark.parametrize("module", [m for m in modules() if place(m).split("/")[0] in PURE], ids=place)
def test_the_pure_rooms_ask_no_clock(module):
    assert clock_reads(module.read_text(encoding="utf-8")) == []


def test_clock_reads_are_seen():
    assert clock_reads("x = datetime.now(UTC)\ny = clock.now()\nz = date.today()") == [1, 3]


def test_every_room_stands_in_the_rule():
    rooms = {place(module).split("/")[0] for module in modules()} - {"", ".", "__init__"}
    assert rooms - MAY_IMPORT.keys() == set(), "a new room: say above what it may import"


@pytest.mark.parametrize("module", modules(), ids=place)
def test_imports_follow_the_rule(module):
    assert offences(place(module), module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("knowledge/status", "def f():\n    from bot.store import stories"),
        ("knowledge/status", "import time"),
        ("sources/kinds/feed", "from bot.pipeline import poll"),
        ("store/stories", "from bot import delivery"),
        ("pipeline/poll", "import apscheduler.schedulers.asyncio"),
        ("pipeline/poll", "if TYPE_CHECKING:\n    from sqlalchemy import Connection"),
        ("cards/card", "import discord"),
        ("commands/status", "import importlib\nimportlib.import_module('bot.platforms.console')"),
        ("delivery/outbox", "from bot.app import Bot"),
        ("model", "from . import errors"),
        ("fetch/network", "from bot.sources.base import Source"),
    ],
)
def test_the_rule_catches(where, source):
    assert len(offences(where, source)) == 1


def test_the_rule_lets_pass_what_it_should():
    assert offences("pipeline/clockwork", "from apscheduler.schedulers.asyncio import AsyncIOScheduler") == []
    assert offences("cli/running", "from bot.app import Bot") == []
    assert offences("sources/kinds/feed", "from bot.fetch.exchange import Answer") == []


def test_no_room_imports_in_a_circle_through_the_rule():
    """The rule itself is a ladder: following it downward never comes back."""

    def below(room: str, path: tuple[str, ...]) -> None:
        assert room not in path, " -> ".join((*path, room))
        for lower in MAY_IMPORT.get(room, set()):
            below(lower, (*path, room))

    for room in MAY_IMPORT:
        below(room, ())


PICTURE = re.compile(r"```mermaid\nflowchart TD\n(.*?)```", re.DOTALL)


def arrows(page: str) -> dict[str, set[str]]:
    """The arrows of the picture of the rooms: room to those that it points at."""
    picture = PICTURE.search(page)
    assert picture is not None
    found: dict[str, set[str]] = {}
    for line in picture[1].splitlines():
        left, right = line.split("-->")
        found.setdefault(left.strip(), set()).update(room.strip() for room in right.split("&"))
    return found


def reached(room: str, drawn: dict[str, set[str]]) -> set[str]:
    """All that can be come to along the arrows."""
    return {lower for next_ in drawn.get(room, set()) for lower in {next_} | reached(next_, drawn)}


def test_the_picture_of_the_rooms_says_what_the_rule_says():
    drawn = arrows((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    shown = drawn.keys() | {room for rooms in drawn.values() for room in rooms}
    assert {room: rooms - MAY_IMPORT[room] for room, rooms in drawn.items() if rooms - MAY_IMPORT[room]} == {}
    left_out = MAY_IMPORT.keys() - shown - GROUND
    assert left_out == {"__main__"}
    missing = {room: (MAY_IMPORT[room] & shown) - reached(room, drawn) for room in shown}
    assert {room: rooms for room, rooms in missing.items() if rooms} == {}


def test_arrows_are_read_off_the_picture():
    page = "```mermaid\nflowchart TD\n  a --> b & c\n  b --> d\n```"
    assert arrows(page) == {"a": {"b", "c"}, "b": {"d"}}
    assert reached("a", arrows(page)) == {"b", "c", "d"}
