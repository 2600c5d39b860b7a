"""Customise: an order chosen step by step, What and When. What was chosen is kept in a stored draft between presses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.cards.card import Button, Card, Option, Select
from bot.cards.cutting import clean
from bot.cards.names import SIX_KINDS, chip_name, place_name
from bot.commands.ask import Ask
from bot.commands.completion import FIRST_PLACES
from bot.commands.ordering import in_words
from bot.commands.six_kinds import kinds_of, six_of
from bot.commands.who import who
from bot.delivery.order import GROWTHS, PACES, PLACES
from bot.errors import UserError
from bot.locale.catalogue import Catalogue, catalogue
from bot.model import Direction, Severity, Trust
from bot.store import drafts

KEPT = timedelta(hours=24)
MOST = 25
"""Options of one list; more of them stand in several lists."""
LISTED = ("chips", "destinations", "companies", "directions", "sources")
"""Fields whose lists offer more than fixed words: what an order names stands in them too."""
CHIPS = (
    "H20", "H200", "H100", "H800", "A100", "A800", "B200", "B300", "B30A", "GB200", "GB300", "RTX 4090", "RTX 5090",
    "RTX 5090D", "RTX PRO 6000D", "L20", "MI308", "MI300X", "MI325X", "MI355X", "Gaudi 3", "Ascend 910C", "Blackwell",
    "Ascend", "HBM",
)  # fmt: skip
"""As stories name them, makers and generations as they came."""
COMPANIES = (
    "Nvidia", "AMD", "Intel", "TSMC", "Samsung", "SK Hynix", "Micron", "ASML", "Huawei", "SMIC", "CXMT", "YMTC",
    "Cambricon", "Inspur", "Alibaba", "Tencent", "ByteDance", "Baidu", "DeepSeek", "Super Micro", "Dell", "Oracle",
    "Microsoft", "OpenAI", "G42",
)  # fmt: skip
HOURS = ("06:00", "07:00", "08:00", "09:00", "10:00", "12:00", "14:00", "16:00", "18:00", "20:00")
QUIET = ("none", "22:00-07:00", "20:00-08:00", "23:00-06:00", "18:00-09:00")
REMINDED = (1, 3, 7, 14, 30)
"""Days before a date that can be chosen for a reminder."""
FORM_FIELDS = ("words", "all_words", "without_words")


async def begin(ask: Ask, order: Mapping[str, Any], channel: str, language: str, time_zone: str) -> str:
    """A new draft; its id."""
    draft = {"order": dict(order), "channel": channel, "language": language, "time_zone": time_zone}
    return await ask.store.write(lambda conn: drafts.begin(conn, who(ask), draft, ask.now + KEPT, ask.where.workspace))


async def draft_of(ask: Ask, id_: str) -> dict[str, Any]:
    """A draft of the person's own. Raises UserError `errors.draft_gone`."""
    found = await ask.store.read(lambda conn: drafts.one(conn, id_, who(ask), ask.now))
    if found is None:
        raise UserError("errors.draft_gone")
    return found


async def keep(ask: Ask, id_: str, draft: Mapping[str, Any]) -> None:
    """What has been chosen by now."""
    await ask.store.write(lambda conn: drafts.save(conn, id_, draft, ask.now + KEPT))


def changed(order: Mapping[str, Any], field: str, chosen: Sequence[str], others: Sequence[str] = ()) -> dict[str, Any]:
    """An order with one field as it was chosen; `others` stand chosen in the field's other lists. Raises UserError
    `errors.no_such_order` for what does not exist."""
    made, first = dict(order), next(iter(chosen), "")
    match field:
        case "kinds":
            made["kinds"] = sorted(str(kind) for six in chosen if six in SIX_KINDS for kind in kinds_of(six))
        case "chips" | "destinations" | "companies" | "directions" | "sources":
            made[field] = sorted({*chosen, *others})
        case "quiet":
            made["quiet"] = None if first == "none" else first.split("-")[:2]
        case "weekday" if first.isdigit():
            made["weekday"] = int(first) % 7
        case "at" if first in HOURS:
            made["at"] = first
        case "reminders" if all(day.isascii() and day.isdigit() and len(day) < 4 for day in chosen):
            made["reminders"] = sorted(map(int, chosen))
        case "severity" | "mention_from" | "trust" | "growth" | "pace" | "place":
            made[field] = first
        case "publish" | "breaks_through" | "analyses":
            made[field] = first == "yes"
        case _:
            raise UserError("errors.no_such_order", reason=clean(field, 20))
    return {name: value for name, value in made.items() if value not in (None, [], "")}


def what_card(ask: Ask, id_: str, draft: Mapping[str, Any]) -> Card:
    """The first step: chips, places, companies, kinds, directions, trust, severity, sources, words."""
    say, order = catalogue(ask.language), draft["order"]
    fixed = (
        _select(
            say,
            id_,
            "kinds",
            [(k, say.text(f"names.kind.{k}")) for k in SIX_KINDS],
            six_of(frozenset(order.get("kinds", ()))),
        ),
        _select(
            say,
            id_,
            "severity",
            [(str(x), say.text(f"names.severity.{x}")) for x in Severity],
            (order.get("severity", "low"),),
            most=1,
        ),
        _select(
            say,
            id_,
            "trust",
            [(str(x), say.text(f"names.trust.{x}")) for x in Trust],
            (order.get("trust", "rumour"),),
            most=1,
        ),
    )
    listed = (each for field in LISTED for each in _several(say, id_, field, order, offered(ask, field, order)))
    return Card(
        title=say.say("customise.what"),
        language=say.language,
        lines=(in_words(ask, order, draft["language"], draft["time_zone"]), say.say("customise.empty")),
        selects=(*fixed, *listed),
        buttons=(
            _button(say, "customise.words", "order_words", id_),
            _button(say, "customise.next", "order_when", id_),
            _button(say, "customise.save", "order_save", id_),
            _button(say, "customise.cancel", "order_drop", id_),
        ),
        footer=(say.say("customise.kept"),),
    )


def when_card(ask: Ask, id_: str, draft: Mapping[str, Any]) -> Card:
    """The second step: pace, time, weekday, quiet hours, growth, place, mention, reminders of dates."""
    say, order = catalogue(ask.language), draft["order"]
    return Card(
        title=say.say("customise.when"),
        language=say.language,
        lines=(in_words(ask, order, draft["language"], draft["time_zone"]),),
        selects=_when_selects(say, order, id_),
        buttons=(
            _button(say, "customise.back", "order_what", id_),
            _button(say, "customise.mention", "order_mention", id_),
            _button(say, "customise.save", "order_save", id_),
            _button(say, "customise.cancel", "order_drop", id_),
        ),
        footer=(say.say("customise.kept"),),
    )


def _when_selects(say: Catalogue, order: Mapping[str, Any], id_: str) -> tuple[Select, ...]:
    quiet = "-".join(order["quiet"]) if order.get("quiet") else "none"
    quiets = [(q, say.text("customise.no_quiet") if q == "none" else q) for q in dict.fromkeys((*QUIET, quiet))]
    reminded = order.get("reminders", ())
    days = [(str(day), say.text(f"order.weekday.{day}")) for day in range(7)]

    def one(name: str, choices: Sequence[tuple[str, str]], standing: str) -> Select:
        return _select(say, id_, name, choices, (order.get(name, standing),), most=1)

    return (
        one("pace", [(x, say.text(f"customise.pace.{x}")) for x in PACES], "now"),
        one("at", [(at, at) for at in HOURS], "09:00"),
        _select(say, id_, "weekday", days, (str(order.get("weekday", 0)),), most=1),
        _select(say, id_, "quiet", quiets, (quiet,), most=1),
        one("growth", [(x, say.text(f"customise.growth.{x}")) for x in GROWTHS], "reply"),
        one("place", [(x, say.text(f"customise.place.{x}")) for x in PLACES], "post"),
        one("mention_from", [(x.value, say.text(f"names.severity.{x}")) for x in Severity], "critical"),
        _select(
            say,
            id_,
            "reminders",
            [(str(n), say.text("customise.days_before", n=n)) for n in sorted({*REMINDED, *reminded})],
            tuple(map(str, reminded)),
        ),
    )


def _button(say: Catalogue, key: str, action: str, id_: str) -> Button:
    return Button(say.text(key), action, (("draft", id_),))


def offered(ask: Ask, field: str, order: Mapping[str, Any]) -> list[list[tuple[str, str]]]:
    """What the lists of a field offer, list by list: values and labels. What is chosen already is among them, known or
    not."""
    say = catalogue(ask.language)
    match field:
        case "chips":
            known = [(chip, chip_name(say, chip)) for chip in CHIPS]
        case "destinations":
            places = dict.fromkeys([*FIRST_PLACES, *order.get(field, ())])
            known = [(place, place_name(say, place)) for place in places]
        case "companies":
            known = [(company, company) for company in COMPANIES]
        case "directions":
            known = [(str(each), say.text(f"names.direction.{each}")) for each in Direction]
        case "sources":
            known = [(key, source.label) for key, source in sorted(ask.services.sources.items())]
        case _:
            return []
    there = {value for value, _ in known}
    known += [(value, value) for value in order.get(field, ()) if value not in there]
    return [known[at : at + MOST] for at in range(0, len(known), MOST)]


def _several(
    say: Catalogue, id_: str, field: str, order: Mapping[str, Any], lists: Sequence[Sequence[tuple[str, str]]]
) -> Iterator[Select]:
    """The lists of a field from which several may be chosen; each says which of them it is where there are more."""
    for number, known in enumerate(lists, 1):
        made = _select(say, id_, field, known, tuple(order.get(field, ())))
        if len(lists) > 1:
            label = say.text("customise.part", field=made.label, number=number, n=len(lists))
            made = replace(made, label=label, values=(*made.values, ("part", str(number))))
        yield made


def _select(
    say: Catalogue, id_: str, field: str, known: Sequence[tuple[str, str]], chosen: Sequence[str], most: int = MOST
) -> Select:
    options = tuple(Option(value[:100], clean(label, 80) or value[:80]) for value, label in known[:MOST])
    there = {option.value for option in options}
    return Select(
        "chosen",
        say.text(f"customise.field.{field}"),
        "order_set",
        options,
        tuple(value for value in chosen if value in there),
        min(most, len(options)),
        (("draft", id_), ("field", field)),
    )
