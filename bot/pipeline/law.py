"""The law beside a story: what the ledger and the rules say, on the day of an alert, of what the story is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cards.law import LawLine
from bot.errors import UserError
from bot.knowledge.library import Knowledge
from bot.model import Assessment
from bot.pipeline.editor import LawOf
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
                answer = knowledge.status(chip, place, at.date())
            except UserError:
                continue
            law = answer.us_export
            if law is None:
                continue
            letter = "by_letter" in law.name
            yield LawLine(
                chip=answer.chip.name,
                destination=answer.destination.code,
                status=str(law.name),
                since=law.since,
                basis="" if letter or not law.citations else law.citations[0].title,
                basis_date=law.since,
                maker=answer.chip.vendor if letter else "",
                ledger_as_of=answer.ledger_as_of,
            )
