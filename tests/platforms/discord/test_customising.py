"""Customise on Discord, as a person goes through it: what stands in the message is all that can be pressed."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.clock import SystemClock
from bot.commands.ask import Ask, Person, Services, Where
from bot.commands.custom_id import pack
from bot.commands.customising import CHIPS, COMPANIES, what_card, when_card
from bot.commands.six_kinds import kinds_of
from bot.delivery.presets import PRESETS
from bot.locale.catalogue import catalogue
from bot.pipeline.ledger.librarian import Librarian
from bot.platforms.discord.render import messages_of
from bot.platforms.discord.rights import MANAGE_CHANNELS
from bot.settings import Settings
from bot.store import subscriptions
from tests.platforms.discord.house import words

SOURCE: Any = SimpleNamespace(label="A source")
SOURCES = {"bis": SOURCE, "federal-register": SOURCE}


def controls(components):
    """Every button and list of a message, in reading order."""
    for each in components:
        if each["type"] in (2, 3):
            yield each
        yield from controls(each.get("components") or ())


class Hand:
    """A manager before a message: presses what stands in it, by what it is called, and nothing else."""

    def __init__(self, fake, language="en"):
        self.fake = fake
        self.body: dict[str, Any] = {}
        self.form: dict[str, Any] = {}
        self._say = catalogue(language)
        self._who = {"permissions": MANAGE_CHANNELS, "locale": {"en": "en-GB", "de": "de", "zh": "zh-CN"}[language]}
        self._number = itertools.count(7000)
        self.message = ""

    async def type(self, verb, **options):
        await self._see(await self.fake.command("chipwatch", verb, options, **self._who))

    async def press(self, key):
        found = self._one(2, "label", self._say.text(key))
        await self._act({"component_type": 2, "custom_id": found["custom_id"]})

    async def choose(self, field, *values):
        await self.choose_at(self.name(field), *values)
        assert sorted(self.chosen(field)) == sorted(values)

    async def choose_at(self, label, *values):
        found = self._one(3, "placeholder", label)
        assert {option["value"] for option in found["options"]} >= set(values)
        assert found["min_values"] <= len(values) <= found["max_values"]
        await self._act({"component_type": 3, "custom_id": found["custom_id"], "values": list(values)})

    async def send(self, **filled):
        inputs = {each["component"]["custom_id"]: each["component"] for each in self.form["components"]}
        sent = [
            {"type": 18, "component": {"type": inputs[name]["type"], "custom_id": name, "value": text}}
            for name, text in filled.items()
        ]
        data = {"custom_id": self.form["custom_id"], "components": sent}
        await self._see(await self.fake.interact(5, data, message=self._shown(), **self._who))

    def name(self, field):
        return self._say.text(f"customise.field.{field}")

    def chosen(self, field):
        found = self._one(3, "placeholder", self.name(field))
        return [option["value"] for option in found["options"] if option.get("default")]

    def labels(self):
        return [each.get("label") or each.get("placeholder") for each in controls(self.body["components"])]

    def says(self, key):
        return self._say.text(key) in words(self.body)

    def _one(self, kind, name, label):
        (found,) = [
            each for each in controls(self.body["components"]) if (each["type"], each.get(name)) == (kind, label)
        ]
        return found

    def _shown(self):
        return self.fake.world.stored(self.message or str(next(self._number)), "200", self.body)

    async def _act(self, data):
        await self._see(await self.fake.interact(3, data, message=self._shown(), **self._who))

    async def _see(self, said):
        if said.json["type"] == 6 and self.fake.world.updating:
            self.body = (await self.fake.until(lambda: self.fake.world.replaced)).pop()
            return
        assert said.json["type"] in (4, 7, 9), said.json
        if said.json["type"] == 9:
            self.form = said.json["data"]
        else:
            self.body, self.form = said.json["data"], {}


@pytest.fixture
async def hand(request, opened, fake):
    """A manager whose channel gets the headlines, and who has typed `/chipwatch edit`."""
    opened.services.sources = SOURCES
    made = Hand(fake, getattr(request, "param", "en"))
    await made.type("follow", preset="headlines")
    await made.type("edit")
    return made


async def test_a_closed_list_of_one_choice_says_what_it_is_for(opened, hand):
    await hand.press("customise.next")
    shown = [option["label"] for each in controls(hand.body["components"]) for option in each.get("options", ())
             if option.get("default")]  # fmt: skip
    assert shown[:2] == ["Pace: at once", "At: 09:00"]
    assert "Mention from: critical" in shown


async def order_of(opened):
    found = await opened.services.store.read(lambda conn: subscriptions.of_channel(conn, "discord", "200"))
    return found.order


@pytest.mark.parametrize("hand", ["en", "zh"], indirect=True)
async def test_an_order_is_chosen_in_two_steps_and_stored_as_chosen(opened, hand):
    what = {
        "kinds": ["rule", "list"],
        "severity": ["normal"],
        "trust": ["official"],
        "chips": ["B30A", "H20"],
        "destinations": ["CN", "MY"],
        "companies": ["Huawei", "Nvidia"],
        "directions": ["restricts"],
        "sources": ["bis", "federal-register"],
    }
    when = {
        "pace": ["weekly"],
        "at": ["08:00"],
        "weekday": ["4"],
        "quiet": ["20:00-08:00"],
        "growth": ["edit"],
        "place": ["thread"],
        "mention_from": ["high"],
        "reminders": ["3", "30"],
    }
    for field, values in what.items():
        await hand.choose(field, *values)
    await hand.press("customise.words")
    await hand.send(words="HBM, packaging")
    await hand.press("customise.next")
    for field, values in when.items():
        await hand.choose(field, *values)
    assert await order_of(opened) == PRESETS["headlines"]
    await hand.press("customise.save")
    several = ("chips", "destinations", "companies", "directions", "sources")
    one = ("severity", "trust", "pace", "at", "growth", "place", "mention_from")
    assert await order_of(opened) == {
        "analyses": False,
        **{name: what[name] for name in several},
        **{name: {**what, **when}[name][0] for name in one},
        "kinds": sorted(str(kind) for six in what["kinds"] for kind in kinds_of(six)),
        "words": ["HBM", "packaging"],
        "weekday": 4,
        "quiet": ["20:00", "08:00"],
        "reminders": [3, 30],
    }


@pytest.mark.parametrize("hand", ["de"], indirect=True)
async def test_back_shows_the_first_step_with_what_was_chosen(opened, hand):
    await hand.choose("chips", "H20")
    await hand.press("customise.next")
    await hand.choose("pace", "daily")
    await hand.press("customise.back")
    assert hand.says("customise.empty")
    assert hand.chosen("chips") == ["H20"]
    await hand.press("customise.save")
    assert await order_of(opened) == {**PRESETS["headlines"], "chips": ["H20"], "pace": "daily"}


@pytest.mark.parametrize("steps", [1, 2])
async def test_cancel_leaves_the_order_as_it_was(opened, hand, steps):
    await hand.choose("chips", "H20")
    if steps == 2:
        await hand.press("customise.next")
        await hand.choose("pace", "daily")
    await hand.press("customise.cancel")
    assert hand.labels() == []
    assert await order_of(opened) == PRESETS["headlines"]


async def test_a_step_that_takes_long_still_takes_the_cards_place(opened, hand):
    await hand.choose("chips", "H20")
    opened.desk.seconds = 1.0
    await hand.press("customise.save")
    assert hand.labels() == ["Change", "Stop"]
    assert (await order_of(opened))["chips"] == ["H20"]


async def test_choices_in_quick_succession_all_count(opened, hand):
    hand.message = "7777"
    for values in (["H20"], ["H20", "H200"], ["H20"]):
        await hand.choose("chips", *values)
    await hand.press("customise.save")
    assert (await order_of(opened))["chips"] == ["H20"]


async def test_sources_beyond_one_list_stand_in_a_second_and_neither_forgets_the_other(opened, hand):
    opened.services.sources = {f"s{number:02}": SOURCE for number in range(40)}
    await hand.type("edit")
    first, second = [label for label in hand.labels() if label.startswith(hand.name("sources"))]
    await hand.choose_at(first, "s03", "s24")
    await hand.choose_at(second, "s25", "s39")
    await hand.choose_at(first, "s24")
    await hand.press("customise.save")
    assert (await order_of(opened))["sources"] == ["s24", "s25", "s39"]


orders = st.fixed_dictionaries(
    {},
    optional={
        "chips": st.lists(st.sampled_from([*CHIPS, "Kirin 9010", "X" * 90]), unique=True),
        "destinations": st.lists(st.sampled_from(["CN", "AF", "BR", "CL", "EG", "FI", "GR", "HU"]), unique=True),
        "companies": st.lists(st.sampled_from([*COMPANIES, *(f"公司 {n} <&> Ltd" for n in range(40))]), unique=True),
        "directions": st.lists(st.sampled_from(["restricts", "relaxes", "none"]), unique=True),
        "sources": st.lists(st.sampled_from(["bis", "gone", *(f"s{n}" for n in range(60))]), unique=True),
        "quiet": st.just(["21:15", "05:45"]),
        "reminders": st.lists(st.integers(1, 365), max_size=20, unique=True),
        "place": st.sampled_from(["post", "thread", "forum", "announcement"]),
    },
)


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(orders, st.integers(0, 60), st.sampled_from(["en", "de", "zh"]))
def test_every_control_of_both_steps_stands_in_the_message(check, knowledge, order, sources, language):
    no_store: Any = None
    services = Services(no_store, SystemClock(), Settings(), Librarian(shipped=knowledge))
    services.sources = {f"s{number}": SOURCE for number in range(sources)}
    ask = Ask(Person("1", manages=True), Where("discord", "100", "200"), language, services)
    draft = {"order": order, "language": language, "time_zone": "Europe/Berlin", "channel": "200"}
    for make in (what_card, when_card):
        card = make(ask, "AbCdEfGhIjKl", draft)
        (message,) = messages_of([card], pack, private=True)
        assert check("POST", "/interactions/1/token/callback", {"type": 4, "data": message.body}) == []
        shown = list(controls(message.body["components"]))
        assert [each["label"] for each in shown if each["type"] == 2] == [button.label for button in card.buttons]
        assert [each["placeholder"] for each in shown if each["type"] == 3] == [list_.label for list_ in card.selects]
        for made, meant in zip([each for each in shown if each["type"] == 3], card.selects, strict=True):
            assert [option["value"] for option in made["options"]] == [option.value for option in meant.options]
