"""Pictures of many chips: where they stand to the limits of 3A090, and what holds for which destination on a day."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources
from math import isfinite

from bot.cards.charts import limits, matrix
from bot.cards.charts.labels import Labels, shade_of
from bot.cards.charts.look import Spec
from bot.cards.names import chip_name, place_name
from bot.commands.pictures.stretches import labels_of
from bot.knowledge.chips import Chip
from bot.knowledge.criteria import paragraphs_of_2023
from bot.knowledge.library import Knowledge
from bot.locale.catalogue import catalogue


def limits_picture(knowledge: Knowledge, language: str = "en", *, asked: str | None = None) -> Spec:
    """The map of PD against TPP with the main chips as a Vega-Lite specification; the one asked for stands out.

    Chips without published performance have no place on it. Raises UserError for an unknown chip.
    """
    labels = labels_of(language)
    wanted = knowledge.chips.find(asked).name if asked else ""
    chips = [knowledge.chips[name] for name in _with(shown("limits", "chips"), wanted)]
    dots = tuple(_dot(chip, labels, wanted) for chip in chips if chip.figures.tpp)
    return limits.specification(limits.Map(dots, knowledge.ledger.as_of), labels)


def matrix_picture(knowledge: Knowledge, day: date, language: str = "en", *, asked: str | None = None) -> Spec:
    """The main chips against the main destinations on a day, in their fixed order, as a Vega-Lite specification.

    Each field is the US export status for chip and country alone. A chip asked for that is none of the main ones
    stands in the last row. Raises UserError for an unknown chip and for a day before the ledger begins.
    """
    say, labels = catalogue(language), labels_of(language)
    wanted = knowledge.chips.find(asked).name if asked else ""
    chips = _with(shown("matrix", "chips"), wanted)
    places = {code: place_name(say, code) for code in shown("matrix", "destinations")}
    shades = {}
    for name in chips:
        for code, place in places.items():
            layer = knowledge.status(knowledge.chips[name], code, day).us_export
            shades[chip_name(say, name), place] = shade_of(layer.name if layer else None)
    names = tuple(chip_name(say, name) for name in chips)
    marked = chip_name(say, wanted) if wanted else ""
    chart = matrix.Matrix(names, tuple(places.values()), shades, day, knowledge.ledger.as_of, marked)
    return matrix.specification(chart, labels)


@cache
def shown(picture: str, what: str) -> tuple[str, ...]:
    """What a picture shows, in its fixed order: names of chips, ISO codes of destinations."""
    text = (resources.files("bot.commands.pictures") / "shown.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)[picture][what])


def _with(names: Sequence[str], wanted: str) -> tuple[str, ...]:
    return tuple(names) if not wanted or wanted in names else (*names, wanted)


def _dot(chip: Chip, labels: Labels, asked: str) -> limits.Chip:
    density = chip.figures.density
    known = isfinite(density.high) and density.low > 0
    return limits.Chip(
        name=chip.name,
        tpp=chip.figures.tpp or 0.0,
        low=density.low if known else None,
        high=density.high if known else None,
        paragraph=_paragraph(chip, labels),
        estimated=chip.die_area_estimated,
        asked=chip.name == asked,
    )


def _paragraph(chip: Chip, labels: Labels) -> str:
    """Where a chip stands by its figures; empty outside, "unclear" where they leave it open."""
    found = paragraphs_of_2023(chip.figures)
    return labels.text("status.unclear") if len(found) > 1 else str(found[0] or "")
