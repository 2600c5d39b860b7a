"""The card of one chip: its figures with their units, its paragraph, its status for the main destinations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.cards.card import Card, Table
from bot.cards.cutting import clean, cut_rich
from bot.cards.names import chip_name, place_name
from bot.cards.quotation import safe_url
from bot.cards.status import surface_word
from bot.knowledge.provision import Standpoint
from bot.knowledge.status import classified
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span

if TYPE_CHECKING:
    from bot.knowledge.chips import Chip
    from bot.knowledge.status import Status

LINE_LIMIT = 440
SOURCES = 3


def chip_card(chip: Chip, answers: Sequence[Status], language: str = "en") -> Card:
    """The card of a chip. `answers` are its statuses for destinations in the order in which they are shown."""
    say = catalogue(language)
    lines = [_figures(say, chip), _memory(say, chip), _where_it_stands(say, chip, answers), _more(say, chip)]
    header = (say.text("chip.column.place"), say.text("chip.column.status"))
    rows = tuple((place_name(say, a.destination.code), _word(say, a)) for a in answers)
    return Card(
        title=say.say("chip.title", chip=chip_name(say, chip.name), maker=clean(chip.vendor, 40), name=_full(chip)),
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
        table=Table(header, rows) if rows else None,
        footer=tuple(line for line in (_sources(say, chip), say.say("chip.alone")) if line),
    )


def _full(chip: Chip) -> str:
    return clean(chip.full_name, 80) if chip.full_name and chip.full_name != chip.name else ""


def _word(say: Catalogue, answer: Status) -> str:
    layer = answer.us_export
    return surface_word(say, layer.name) if layer else say.text("status.word.none_known")


def _figures(say: Catalogue, chip: Chip) -> Rich:
    ops = " · ".join(f"{name.upper()} {say.form.write_number(tops)}" for name, tops in chip.dense_tops.items())
    return say.say("chip.figures", ops=ops, tpp=chip.figures.tpp, pd=_density(say, chip))


def _density(say: Catalogue, chip: Chip) -> str:
    density = chip.figures.density
    if chip.figures.tpp is None or density.low <= 0:
        return ""
    if density.low == density.high:
        return say.form.write_number(round(density.low, 2))
    return ""


def _memory(say: Catalogue, chip: Chip) -> Rich:
    return say.say(
        "chip.hardware",
        die=chip.die_area_mm2,
        estimated=say.text("chip.estimated") if chip.die_area_estimated else "",
        memory=clean(chip.memory, 60),
        bandwidth=chip.bandwidth_gb_s,
        link=chip.interconnect_gb_s,
    )


def _where_it_stands(say: Catalogue, chip: Chip, answers: Sequence[Status]) -> Rich:
    if not answers:
        return ()
    found = classified(chip, Standpoint(answers[0].on))
    if found.open:
        return say.say("chip.open")
    return say.say("chip.paragraph", paragraph=str(found.paragraph)) if found.paragraph else say.say("chip.outside")


def _more(say: Catalogue, chip: Chip) -> Rich:
    return say.say(
        "chip.more",
        released=clean(chip.released or "", 20),
        systems=", ".join(clean(name, 30) for name in chip.systems[:4]),
        follows=chip.follows or "",
    )


def _sources(say: Catalogue, chip: Chip) -> Rich:
    spans: list[Span] = []
    for citation in chip.sources[:SOURCES]:
        spans += [Span(" · "), Span(clean(citation.title, 64), url=safe_url(citation.url))]
    confidence = say.text(say.first(f"status.confidence.{chip.confidence}", "status.confidence.uncertain"))
    return say.say("chip.sources", confidence=confidence, sources=tuple(spans[1:])) if spans else ()
