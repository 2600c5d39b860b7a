"""The matrix: chips against destinations on one day, in the order that the caller gives, never by permissiveness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.cards.charts.labels import Labels
from bot.cards.charts.look import (
    COLOURS,
    INK_ON,
    MARKS,
    NORMAL,
    PAPER,
    SMALL,
    UNKNOWN,
    WIDTH,
    Spec,
    framed,
    legend,
    raw_colour,
    text_width,
    used_shades,
)

ROW = 30
SLANT = 320
"""Degrees at which names of destinations stand where they are wider than their column."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """What the picture shows: `shades[chip, place]` is one of the five words of a status, or `none_known`.

    `places` are names in the reader's language; some twelve are readable. `asked` marks one chip's row.
    """

    chips: tuple[str, ...]
    places: tuple[str, ...]
    shades: Mapping[tuple[str, str], str]
    day: date
    ledger: date
    asked: str = ""


def specification(matrix: Matrix, labels: Labels | None = None) -> Spec:
    """The picture as a Vega-Lite specification."""
    labels = labels or Labels()
    left = min(max((text_width(_name(matrix, chip), NORMAL) for chip in matrix.chips), default=0) + 10, 190)
    column = (WIDTH - 32 - left) / max(len(matrix.places), 1)
    slanted = any(text_width(place, SMALL) > column - 4 for place in matrix.places)
    rows = [
        {
            "chip": _name(matrix, chip), "place": place, "colour": COLOURS[shade], "ink": INK_ON[shade],
            "mark": MARKS[shade], "word": labels.text(f"status.{shade}"),
        }
        for chip in matrix.chips
        for place in matrix.places
        for shade in [matrix.shades.get((chip, place), UNKNOWN)]
    ]  # fmt: skip
    x: Spec = {
        "field": "place", "type": "nominal", "sort": list(matrix.places), "title": None,
        "axis": {
            "orient": "top", "labelAngle": SLANT if slanted else 0, "labelAlign": "left" if slanted else "center",
            "domain": False, "ticks": False, "labelPadding": 6, "labelLimit": 200, "labelOverlap": False,
        },
    }  # fmt: skip
    y: Spec = {
        "field": "chip", "type": "nominal", "sort": [_name(matrix, chip) for chip in matrix.chips], "title": None,
        "axis": {"domain": False, "ticks": False, "labelFontSize": NORMAL, "labelLimit": 190, "labelPadding": 6,
                 "minExtent": left, "maxExtent": left},
    }  # fmt: skip
    plot: Spec = {
        "width": round(WIDTH - 32 - left - (_overhang(matrix, column) if slanted else 0)),
        "height": ROW * len(matrix.chips),
        "data": {"values": rows},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 2, "cornerRadius": 4},
                "encoding": {
                    **raw_colour("colour"),
                    "tooltip": [{"field": "chip"}, {"field": "place"}, {"field": "word"}],
                },
            },
            {
                "mark": {"type": "text", "baseline": "middle", "fontSize": 15},
                "encoding": {"text": {"field": "mark"}, **raw_colour("ink")},
            },
        ],
    }
    shades = used_shades(list(matrix.shades.values()))
    notes = [labels.text("matrix.note"), labels.text("ledger", day=labels.day(matrix.ledger))]
    title = labels.text("matrix.title", day=labels.day(matrix.day))
    return framed(
        title, notes, [plot, legend(shades, labels, indent=left)], alt=alt(matrix, labels), labels=labels, spacing=16
    )


def alt(matrix: Matrix, labels: Labels | None = None) -> str:
    """The picture in words: each chip with its destinations by status, in the order in which the row shows them."""
    labels = labels or Labels()
    sentences = [
        labels.text("matrix.alt", chips=len(matrix.chips), places=len(matrix.places), day=labels.day(matrix.day))
    ]
    for chip in matrix.chips:
        by_shade: dict[str, list[str]] = {}
        for place in matrix.places:
            by_shade.setdefault(matrix.shades.get((chip, place), UNKNOWN), []).append(place)
        said = [f"{labels.text(f'status.{shade}')} ({', '.join(places)})" for shade, places in by_shade.items()]
        sentences.append(f"{chip}: {'; '.join(said)}.")
    return " ".join(sentences)


def _name(matrix: Matrix, chip: str) -> str:
    return f"▶ {chip}" if chip == matrix.asked else chip


def _overhang(matrix: Matrix, column: float) -> float:
    """Pixels by which the last slanted name stands out on the right."""
    return max(text_width(matrix.places[-1], SMALL) * 0.77 - column / 2, 0) if matrix.places else 0
