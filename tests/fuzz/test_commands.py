"""What people type, press and send: one answer to everything, none of them a bug, and nothing forged gets through."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import strategies as st

from bot.clock import SetClock
from bot.commands import custom_id, registry
from bot.commands.ask import Ask, Person, Services, Where
from bot.commands.completion import LONGEST_LABEL, MOST
from bot.commands.declaration import Kind
from bot.commands.desk import Desk
from bot.commands.reply import Reply
from bot.knowledge.library import Knowledge
from bot.locale.rich import plain
from bot.pipeline.ledger.librarian import Librarian
from bot.platforms.discord.asking import message_text, typed_of
from bot.platforms.discord.forms import filled_in
from bot.platforms.slack.call import Call, packed, unpacked
from bot.platforms.slack.listeners import called
from bot.settings import Settings
from bot.store.engine import Store
from tests.fuzz.mutation import ODD
from tests.fuzz.target import Target, examine, texts

ALL = ("chipwatch", "chip", "chipwatch-admin")
BUGS = ("in the log under", "im Protokoll unter", "日志编号")
KNOWLEDGE = Knowledge.load()
LINES = [
    "H200 Malaysia on 1 May 2025",
    "状态 H20 中国",
    'news chip:H20 "commerce department"',
    "ask can I ship an H100 to a firm in SG?",
    "follow headlines",
    "classify fp16=148 int8=296 die=814 to MY",
    "why s-1",
    "watchlist do:import",
    "admin held",
    "timeline chip:H20 to:CN from:2024-01-01 to-date:2025-13-41",
    "party 浪潮",
    "list copy channel:<#C1>",
    "H2O",
    "map H20 on:0001-01-01",
    "upcoming",
    "pulse",
    "status H20 CN date:9999-12-31 known-on:0001-01-01",
    "redline 15 CFR 744.11",
]


class House:
    """A desk over the shipped knowledge and a real store, on a loop of its own; made at the first question."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def wait_for(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self.desk = Desk()
            self._folder = tempfile.TemporaryDirectory(prefix="chipwatch-fuzz-")
            url = f"sqlite:///{self._folder.name}/store.db"
            self.store = self._loop.run_until_complete(Store.open(url, scratch=True))
            clock = SetClock(datetime(2026, 11, 25, 12, tzinfo=UTC))
            self.services = Services(self.store, clock, Settings(), Librarian(shipped=KNOWLEDGE))
        return self._loop.run_until_complete(work)

    def asking(self, language: str) -> Ask:
        person = Person("u3", "Edsger", manages=True, operates=True)
        return Ask(person, Where("console", "w1", "c1"), language, self.services)

    def close(self) -> None:
        if self._loop is not None:
            self._loop.run_until_complete(self.services.settled())
            self._loop.run_until_complete(self.store.close())
            self._loop.close()
            self._loop = None
            self._folder.cleanup()


HOUSE = House()


async def _asked(how: str, language: str, *what: Any) -> Any:
    ask = HOUSE.asking(language)
    return await getattr(HOUSE.desk, how)(ask, *what)


def one_answer(reply: Reply) -> None:
    """An answer, and none that hides a bug of ours."""
    assert reply.cards or reply.form
    said = "\n".join(plain(line) for card in reply.cards for line in (card.title, *card.lines))
    assert not any(words in said for words in BUGS), said
    for button in (button for card in reply.cards for button in card.buttons if not button.url):
        assert custom_id.unpack(custom_id.pack(button.action, button.values)) == (button.action, dict(button.values))


def line(text: str) -> None:
    """A typed line, also the words of a message that a menu was opened on."""
    one_answer(HOUSE.wait_for(_asked("typed", "zh" if len(text) % 2 else "de", text, ALL)))
    one_answer(HOUSE.wait_for(_asked("of_message", "en", text)))


def options(given: tuple[str, dict[str, Any], str]) -> None:
    """A command with any values for its options."""
    path, values, language = given
    one_answer(HOUSE.wait_for(_asked("answer", language, path, values)))


def completion(given: tuple[str, str, str]) -> None:
    """Suggestions: never an error, never more or longer than the platforms take."""
    path, parameter, text = given
    found = HOUSE.wait_for(_asked("complete", "de", path, parameter, text))
    assert len(found) <= MOST
    assert all(0 < len(each.value) <= LONGEST_LABEL and 0 < len(each.label) <= LONGEST_LABEL for each in found)


def button(text: str) -> None:
    """A custom id of anybody's making, its check put right: refused, or one answer; packed again it is the same."""
    assert custom_id.unpack(text) is None or text == custom_id.pack(*(custom_id.unpack(text) or ("", {})))
    body = f"cw:{text}"
    forged = f"{body}#{custom_id._check(body)}"
    found = custom_id.unpack(forged)
    if found is not None:
        one_answer(HOUSE.wait_for(_asked("answer", "en", found[0], found[1])))


def slack_value(text: str) -> None:
    """The value of a button in Slack: nothing, or a call that packs to the same again."""
    call = unpacked(text)
    if call is not None:
        again = packed(call)
        assert again is None or unpacked(again) == call
    call, given = called({"action_id": f"pick.0.{text}", "type": "multi_static_select", "selected_options": []})
    assert call is None or isinstance(given, dict)


def discord_data(body: bytes) -> None:
    """The data of an interaction: what was typed, the words of a message, what was filled in. Discord signs what it
    sends over its own connection: its shape can be relied on, its words and values cannot."""
    data = json.loads(body)
    typed = typed_of(data["typed"])
    one_answer(HOUSE.wait_for(_asked("answer", "en", typed.path, typed.arguments)))
    assert isinstance(message_text(data["menu"]), str)
    assert all(isinstance(name, str) for name in filled_in(data["form"]))


NAMES = {
    path: [each.name for each in command.parameters if each.kind is not Kind.FILE]
    for path, command in registry.every().items()
}
WORDS = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        *LINES,
        "H20",
        "CN",
        "2025-01-01",
        "-1",
        "1e999",
        "nan",
        "inf",
        "99999999999999999999",
        "@everyone",
        "s-1",
        "",
        "yes",
        "٣",
        "٢٠٢٥-٠١-٠١",
        "0001-01-01",
        "9999-12-31",
        "\u202e",
        "a" * 7000,
    ]
)
VALUES = (
    WORDS | st.sampled_from([value for value in ODD if isinstance(value, str)]) | st.lists(WORDS, max_size=3).map(tuple)
)


@st.composite
def commands(draw: st.DrawFn) -> tuple[str, dict[str, Any], str]:
    path = draw(st.sampled_from(sorted(NAMES)))
    given = {name: draw(VALUES) for name in NAMES[path] if draw(st.booleans())}
    return path, given, draw(st.sampled_from(("en", "de", "zh")))


@st.composite
def typing(draw: st.DrawFn) -> tuple[str, str, str]:
    path = draw(st.sampled_from([path for path, names in sorted(NAMES.items()) if names]))
    return path, draw(st.sampled_from(NAMES[path])), draw(WORDS)


def _option(name: str, value: object) -> dict[str, Any]:
    return {"name": name, "type": 3, "value": value}


@st.composite
def interactions(draw: st.DrawFn) -> bytes:
    typed = {
        "name": draw(WORDS),
        "options": [
            {
                "name": draw(WORDS),
                "type": 1,
                "options": [
                    _option(draw(WORDS), draw(WORDS | st.integers() | st.floats(allow_nan=False) | st.booleans()))
                ],
            }
        ],
    }
    embed = {"title": draw(WORDS), "description": None}
    menu = {
        "target_id": "5",
        "resolved": {
            "messages": {
                "5": {
                    "content": draw(WORDS),
                    "embeds": [embed],
                    "components": [{"content": draw(WORDS), "components": []}],
                }
            }
        },
    }
    form = [{"type": 18, "component": {"type": 4, "custom_id": draw(WORDS), "value": draw(WORDS)}}]
    return json.dumps({"typed": typed, "menu": menu, "form": form}).encode()


CUSTOM_IDS = [
    "chip.status?chip=H20&destination=CN",
    "follow_story?story=s-1",
    "share?what=chip.status~chip:H20",
    "held",
    "alert.mute?story=s-1",
    "chipwatch.stop",
    "order_set?draft=1&field=at",
    "report?story=%00",
]
TARGETS: dict[str, Target] = {
    "typed line": texts(line, LINES, 12),
    "options": Target(options, commands(), examples=20),
    "completion": Target(completion, typing(), examples=20),
    "custom id": texts(button, CUSTOM_IDS, 25),
    "Slack value": texts(
        slack_value, [packed(Call("chip.status", (("chip", "H20"),), "x")) or "", '["a",["b"]]', "[" * 1900]
    ),
    "Discord data": Target(discord_data, interactions(), examples=10),
}


@pytest.fixture(scope="module", autouse=True)
def house() -> Any:
    yield
    HOUSE.close()


@pytest.mark.parametrize("name", TARGETS)
def test_the_promise_holds_for_whatever_comes(name: str) -> None:
    examine(TARGETS[name])
