"""The classification card: what the numbers of a chip make of it, how far it is from each limit, and what would change
the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.answer import Sentence
from bot.cards.card import Card, Table
from bot.cards.cutting import cut_rich
from bot.cards.names import to_place
from bot.cards.status import sentence
from bot.knowledge.statuses import StatusName
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich

if TYPE_CHECKING:
    from bot.knowledge.classify import Classification, Limit

NOTES = 8
LINE_LIMIT = 440


def classification_card(found: Classification, language: str = "en") -> Card:
    """The card of a chip classified from its numbers; its status too where a destination was asked about."""
    say = catalogue(language)
    notes = [say.say("classify.note", words=sentence(say, Sentence.of(note))) for note in found.notes[:NOTES]]
    rows = tuple(_row(say, limit) for limit in found.limits)
    header = tuple(say.text(f"classify.column.{name}") for name in ("paragraph", "measure", "limit", "value", "gap"))
    return Card(
        title=_title(say, found),
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in (*_status(say, found), *notes)),
        table=Table(header, rows) if rows else None,
        footer=(say.say("classify.figures", tpp=found.figures.tpp, basis=found.figures.basis, pd=found.figures.pd),),
    )


def _title(say: Catalogue, found: Classification) -> Rich:
    if found.classified.open:
        return say.say("classify.title.open", day=found.on)
    if found.paragraph is None:
        return say.say("classify.title.outside", day=found.on)
    return say.say("classify.title.inside", paragraph=str(found.paragraph), day=found.on)


def _status(say: Catalogue, found: Classification) -> list[Rich]:
    status = found.status
    if status is None or status.us_export is None:
        return []
    words = say.text(say.first(f"status.says.{status.us_export.name}", "status.says.other"))
    lines = [say.say("classify.to", to=to_place(say, status.destination.code), says=words)]
    if status.us_export.name is StatusName.NO_LICENCE:
        lines.append(say.say("classify.note", words=say.text("classify.letters")))
    for condition, then in status.us_export.outcomes:
        words = say.text(say.first(f"status.says.{then}", "status.says.other"))
        lines.append(say.say("status.branch", condition=sentence(say, Sentence.of(condition)), status=words))
    return lines


def _row(say: Catalogue, limit: Limit) -> tuple[str, ...]:
    value, gap = limit.value, limit.distance
    return (
        limit.paragraph,
        say.text(f"classify.measure.{limit.measure}"),
        say.form.write_number(limit.limit),
        say.text("classify.unknown") if value is None else say.form.write_number(value),
        "" if gap is None else ("+" if gap > 0 else "") + say.form.write_number(gap),
    )
