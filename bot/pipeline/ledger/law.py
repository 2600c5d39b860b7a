"""The law beside a story: what the ledger and the rules say, on the day of an alert, of what the story is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.cards.law import LawLine
from bot.errors import UserError
from bot.knowledge.event import Layer
from bot.knowledge.library import Knowledge
from bot.knowledge.status import LayerStatus
from bot.model import Assessment
from bot.pipeline.alerts import LawOf
from bot.store.records import Record

MOST_CHIPS = 3
MOST_PLACES = 2


def law_from(knowledge: Knowledge) -> LawOf:
    """What the editor asks for each revision: the exporter's law for the story's chips and destinations.

    News never gets in here: a chip or place that the knowledge does not know has no line.
    """

    def law_of(facts: Assessment, at: datetime) -> list[Record]:
        return [line.record() for line in _lines(knowledge, facts, at)]

    return law_of


def _lines(knowledge: Knowledge, facts: Assessment, at: datetime) -> Iterator[LawLine]:
    for chip in facts.chips[:MOST_CHIPS]:
        for place in facts.destinations[:MOST_PLACES]:
            try:
                line = _line(knowledge, chip, place, at.date())
            except UserError:
                continue
            if line is not None:
                yield line


def _line(knowledge: Knowledge, chip: str, place: str, day: date) -> LawLine | None:
    answer = knowledge.status(chip, place, day)
    law = answer.us_export
    if law is None:
        return None
    letter = _by_letter(law)
    since = _duty_since(knowledge.lanes(answer.chip, place)[Layer.US_EXPORT], day) if letter else law.since
    return LawLine(
        chip=answer.chip.name,
        destination=answer.destination.code,
        status=str(law.name),
        since=since,
        basis="" if letter else law.basis,
        basis_date=since if letter else law.binds_from,
        maker=answer.chip.vendor if letter else "",
        ledger_as_of=answer.ledger_as_of,
    )


def _duty_since(lane: Sequence[LayerStatus], day: date) -> date | None:
    """Since when a letter binds: what was promised or licensed under it since has not changed that."""
    since = None
    for status in lane:
        if status.since > day:
            break
        since = (since or status.since) if _by_letter(status) else None
    return since


def _by_letter(status: LayerStatus) -> bool:
    return "by_letter" in status.name
