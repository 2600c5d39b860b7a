"""The cards of the gallery by name: each is built as it is for a channel, from the shipped knowledge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from io import StringIO

from bot.cards.alert import alert_card, reply_card
from bot.cards.card import Card
from bot.cards.classification import classification_card
from bot.cards.correction import Correction, correction_card
from bot.cards.flips import with_flips
from bot.cards.law import LawLine
from bot.cards.problem import problem_card
from bot.cards.tables import promises_card, timeline_card, upcoming_card
from bot.errors import UserError
from bot.knowledge.consequences import answers_of, flips
from bot.knowledge.dated import calendar
from bot.knowledge.entry import event_json
from bot.knowledge.ledger import names_of
from bot.knowledge.library import Knowledge
from bot.knowledge.promises import promises
from bot.model import Op, Revision
from bot.pipeline.ledger.law import law_from
from bot.platforms.console.render import print_card
from tools.gallery import asked, lists, stories

TODAY = date(2026, 11, 23)
"""The day on which the gallery asks, so that it is the same gallery on any day."""

COLUMNS = 96


def cards(known: Knowledge) -> Mapping[str, tuple[Op, Callable[[str], Card]]]:
    """Every card: its name, as what it is posted, and how it is made in a language."""
    return {
        "Alert: said, not law": (Op.POST, lambda language: _alert(known, stories.SAID, language)),
        "Alert: the same message a day later": (Op.EDIT, lambda language: _alert(known, stories.GROWN, language)),
        "Alert: the reply under it": (
            Op.REPLY,
            lambda language: reply_card(stories.RISEN, law_of(known, stories.RISEN), language),
        ),
        "Alert: law, with the answers that it changes": (Op.POST, lambda language: _law(known, language)),
        "Alert: Entity List": (Op.POST, lists.entity_list),
        "Correction": (Op.EDIT, lambda language: _correction(known, language)),
        "Status: H200 to Malaysia": (
            Op.POST,
            lambda language: _status(known, language, chip="H200", destination="Malaysia"),
        ),
        "Status: H200 to Singapore, buyer owned from China": (
            Op.POST,
            lambda language: _status(known, language, chip="H200", destination="Singapore", buyer="China"),
        ),
        "Status: H20 to China on 20 May 2025, as known that day": (
            Op.POST,
            lambda language: _status(
                known, language, chip="H20", destination="China", date="2025-05-20", known_on="2025-05-20"
            ),
        ),
        "Follow: Headlines": (Op.POST, lambda language: asked.follow(known, language, TODAY)),
        "Customise: What": (Op.POST, lambda language: asked.customise(known, language, TODAY, "what")),
        "Customise: When": (Op.POST, lambda language: asked.customise(known, language, TODAY, "when")),
        "Pulse": (Op.POST, lambda language: asked.pulse(known, language, TODAY)),
        "Classify": (
            Op.POST,
            lambda language: classification_card(
                known.classify({"fp16": 148, "int8": 296}, 814, bandwidth=4000, on=TODAY, to="China"), language
            ),
        ),
        "Timeline": (Op.POST, lambda language: _timeline(known, language)),
        "Promises": (
            Op.POST,
            lambda language: promises_card([p.json() for p in promises(known.ledger, TODAY)][-8:], language),
        ),
        "Upcoming": (
            Op.POST,
            lambda language: upcoming_card(calendar(known.ledger, (), TODAY), language),
        ),
        "Error": (Op.POST, lambda language: _error(known, language)),
    }


def law_of(known: Knowledge, revision: Revision) -> list[LawLine]:
    """The law at the moment of a revision, as the pipeline asks for it."""
    return [LawLine.of(record) for record in law_from(known)(revision.story.facts, revision.at)]


def text_of(card: Card, op: Op = Op.POST) -> str:
    """A card as a terminal shows it, without colours, its trailing blanks cut."""
    from rich.console import Console as Terminal

    shown = StringIO()
    print_card(card, op, Terminal(file=shown, width=COLUMNS, color_system=None, highlight=False, legacy_windows=False))
    return "\n".join(line.rstrip() for line in shown.getvalue().rstrip().splitlines())


def _alert(known: Knowledge, revision: Revision, language: str) -> Card:
    return alert_card(revision, law_of(known, revision), language)


def _law(known: Knowledge, language: str) -> Card:
    """The rule of January 2026, with what it changes between the day before it took effect and that day."""
    day = stories.LAW.at.date()
    ask = answers_of(known)
    found = flips(ask, ask, known.chips, known.classes(), day, compared_with=day - timedelta(days=1))
    card = with_flips(_alert(known, stories.LAW, language), [group.json() for group in found.groups], language)
    return lists.with_redline(card, language)


def _status(known: Knowledge, language: str, **arguments: str) -> Card:
    return asked.status(known, language, TODAY, arguments)


def _timeline(known: Knowledge, language: str) -> Card:
    chip = known.chips.find("H20")
    events = known.ledger.about(chip=names_of(chip), destination="CN")
    return timeline_card([event_json(event) for event in events], language)


def _correction(known: Knowledge, language: str) -> Card:
    at = datetime(2026, 3, 3, 9, 14, tzinfo=UTC)
    law = known.status("RTX 4090", "CN", at.date()).us_export
    line = LawLine("RTX 4090", "CN", str(law.name), law.since, law.basis, law.since) if law else None
    wrong = {"en": "RTX 4090 → China: export barred", "de": "RTX 4090 → China: Ausfuhr gesperrt"}[language]
    said = Correction(wrong, "redated", at, at.replace(minute=52), channels=41, reported_by_member=True, this_year=4)
    return correction_card(said, [line] if line else [], language)


def _error(known: Knowledge, language: str) -> Card:
    try:
        known.status("H2O", "China", TODAY)
    except UserError as error:
        return problem_card(error, language, {"chip": "H2O", "destination": "CN"})
    raise AssertionError("H2O is a chip now; the gallery needs another mistake")
