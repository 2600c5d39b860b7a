"""The limits map: performance density against TPP, with the areas of 3A090.a and .b and where chips stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards.charts.labels import Labels
from bot.cards.charts.look import COLOURS, INK, MUTED, PAPER, RULE, SMALL, WIDTH, Spec, at_pixels, framed, text_width
from bot.cards.charts.placement import Name, Spot, place
from bot.knowledge.criteria import PD_A, PD_B1, PD_B2, TPP_A, TPP_B, TPP_FLOOR, TPP_WINDOW, paragraph_of_2023

AXIS = 42
"""Pixels of the axis on the left."""

PLOT_WIDTH, PLOT_HEIGHT = WIDTH - 32 - AXIS, 420
"""Pixels of the plot without its axes; the labels are placed by them."""

AREA_A, AREA_B = "#F3D9CF", "#DCE9F5"


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip's figures: TPP, and PD from `low` to `high` (equal where the die area is known; None where there is none).

    `paragraph` is where it stands ("3A090.a.1"; empty: outside), `asked` the one that the reader asked for.
    """

    name: str
    tpp: float
    low: float | None
    high: float | None
    paragraph: str = ""
    estimated: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The figures from which and to which the two logarithmic scales run."""

    tpp: tuple[float, float]
    density: tuple[float, float]

    def x(self, tpp: float) -> float:
        """Pixels from the left of the plot."""
        return _share(tpp, self.tpp) * PLOT_WIDTH

    def y(self, density: float) -> float:
        """Pixels from the top of the plot."""
        return PLOT_HEIGHT - _share(density, self.density) * PLOT_HEIGHT


@dataclass(frozen=True, slots=True)
class Map:
    """What the picture shows; `ledger` is the last day that the ledger covers."""

    chips: tuple[Chip, ...]
    ledger: date


def specification(chart: Map, labels: Labels | None = None) -> Spec:
    """The picture as a Vega-Lite specification.

    The areas are those of ECCN 3A090 as revised by 88 FR 73458 (in force from 2023-11-17), the line that of
    15 CFR 742.6(b)(10)(iii) (91 FR 1684, in force from 2026-01-15).
    """
    labels = labels or Labels()
    frame = _frame(chart.chips)
    without = [chip.name for chip in chart.chips if chip.low is None]
    notes = [labels.text("limits.scale"), labels.text("ledger", day=labels.day(chart.ledger))]
    notes = [" · ".join(notes)]
    if exempt := [chip.name for chip in chart.chips if _exempt(chip)]:
        notes.append(labels.text("limits.note_2", chips=", ".join(exempt)))
    if without:
        notes.append(labels.text("limits.without_area", chips=", ".join(without)))
    plot: Spec = {
        "width": PLOT_WIDTH,
        "height": PLOT_HEIGHT,
        "layer": [*_areas(frame), *_window(frame, labels), *_chips(_grouped(chart.chips), frame, labels)],
    }
    return framed(
        labels.text("limits.title"), notes, [plot, _key(chart, labels)], alt=alt(chart, labels), labels=labels
    )


def alt(chart: Map, labels: Labels | None = None) -> str:
    """The picture in words: each chip with its figures, the one asked for first."""
    labels = labels or Labels()
    sentences = [labels.text("limits.alt")]
    for chip in sorted(chart.chips, key=lambda chip: not chip.asked):
        if chip.low is None or chip.high is None:
            density = labels.text("limits.unknown")
        elif chip.low == chip.high:
            density = labels.number(chip.low, 2)
        else:
            density = f"{labels.number(chip.low, 2)}–{labels.number(chip.high, 2)}"
        figures = {"chip": chip.name, "tpp": labels.number(chip.tpp), "density": density}
        place = chip.paragraph or labels.text("limits.outside")
        sentences.append(labels.text("limits.alt_chip", paragraph=place, **figures) + ".")
    return " ".join(sentences)


def _grouped(chips: Sequence[Chip]) -> list[list[Chip]]:
    """Chips of the same figures together, the one asked for first and by itself; those without a die area left out."""
    groups: dict[tuple[object, ...], list[Chip]] = {}
    for chip in sorted(chips, key=lambda chip: not chip.asked):
        if chip.low is not None:
            groups.setdefault((round(chip.tpp), chip.low, chip.high, chip.asked), []).append(chip)
    return list(groups.values())


def _exempt(chip: Chip) -> bool:
    """Whether a chip stands in an area and yet outside the paragraph, by Note 2 to 3A090."""
    return (
        not chip.paragraph
        and bool(chip.low)
        and paragraph_of_2023(chip.tpp, chip.low or 0, data_centre=True) is not None
    )


def _frame(chips: Sequence[Chip]) -> Frame:
    """Scales that hold every limit and every chip, and no more."""
    with_area = [chip for chip in chips if chip.low]
    tpps = [TPP_FLOOR, TPP_WINDOW * 2, *(chip.tpp for chip in with_area)]
    densities = [PD_B1, PD_A * 4, *(d for chip in with_area for d in (chip.low, chip.high) if d)]
    return Frame((min(tpps) / 1.5, max(tpps) * 1.35), (min(densities) / 1.4, max(densities) * 1.45))


def _share(value: float, bounds: tuple[float, float]) -> float:
    """Where a value stands between two others by its logarithm: 0 at the first, 1 at the second."""
    return math.log(max(value, bounds[0]) / bounds[0]) / math.log(bounds[1] / bounds[0])


def _x(field: str, frame: Frame) -> Spec:
    return {"field": field, "type": "quantitative", "scale": {"type": "log", "domain": list(frame.tpp), "nice": False}}


def _y(field: str, frame: Frame) -> Spec:
    scale = {"type": "log", "domain": list(frame.density), "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale}


def _areas(frame: Frame) -> list[Spec]:
    far, (low, high) = frame.tpp[1], frame.density
    boxes = [
        (TPP_A, far, low, high, AREA_A), (TPP_FLOOR, TPP_A, PD_A, high, AREA_A),
        (TPP_B, TPP_A, PD_B1, PD_A, AREA_B), (TPP_FLOOR, TPP_B, PD_B2, PD_A, AREA_B),
    ]  # fmt: skip
    rows = [{"x": x, "x2": x2, "y": y, "y2": y2, "colour": colour} for x, x2, y, y2, colour in boxes]
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rect"},
            "encoding": {
                "x": _x("x", frame), "x2": {"field": "x2"}, "y": _y("y", frame), "y2": {"field": "y2"},
                "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
            },
        }
    ]  # fmt: skip


def _window(frame: Frame, labels: Labels) -> list[Spec]:
    says = labels.text("limits.window", tpp=labels.number(TPP_WINDOW))
    data = {"values": [{"x": TPP_WINDOW, "y": frame.density[1] * 0.93, "says": says}]}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "strokeDash": [6, 4], "strokeWidth": 1.5, "color": INK},
            "encoding": {"x": _x("x", frame)},
        },
        {
            "data": data,
            "mark": {"type": "text", "align": "right", "baseline": "top", "dx": -6, "fontSize": SMALL},
            "encoding": {"x": _x("x", frame), "y": _y("y", frame), "text": {"field": "says"}},
        },
    ]


def _chips(groups: Sequence[Sequence[Chip]], frame: Frame, labels: Labels) -> list[Spec]:
    names = _names(groups, frame, labels)
    rows = [_row(group, name, frame, labels) for group, name in zip(groups, names, strict=True)]
    raw = {"type": "nominal", "scale": None, "legend": None}
    span: Spec = {
        "transform": [{"filter": "datum.high > datum.low * 1.01"}],
        "mark": {"type": "rule", "strokeWidth": 2.5},
        "encoding": {
            "x": _x("x", frame),
            "y": _y("low", frame),
            "y2": {"field": "high"},
            "color": {"field": "stroke", **raw},
        },
    }
    dots: Spec = {
        "mark": {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 1.8},
        "encoding": {
            "x": {**_x("x", frame), "axis": {"titlePadding": 8, **_ticks(TPP_TICKS, frame.tpp, labels, "limits.x")}},
            "y": {
                **_y("y", frame),
                "axis": {
                    "minExtent": AXIS,
                    "maxExtent": AXIS,
                    **TITLE_ABOVE,
                    **_ticks(PD_TICKS, frame.density, labels, "limits.y"),
                },
            },
            "shape": {"field": "shape", **raw},
            "size": {"field": "size", "type": "quantitative", "scale": None, "legend": None},
            "fill": {"field": "fill", **raw},
            "stroke": {"field": "stroke", **raw},
            "tooltip": [{"field": "name"}, {"field": "tpp"}, {"field": "y", "format": ".2f"}],
        },
    }
    leader: Spec = {
        "transform": [{"filter": "datum.leader"}],
        "mark": {"type": "rule", "strokeWidth": 1, "color": MUTED},
        "encoding": {**at_pixels("edgeX", "edgeY"), "x2": {"field": "dotX"}, "y2": {"field": "dotY"}},
    }
    text: Spec = {
        "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": SMALL},
        "encoding": {**at_pixels("text", "top"), "text": {"field": "label"}},
    }
    places: Spec = {"data": {"values": rows}, "layer": [leader, text]}
    return [{"data": {"values": rows}, "layer": [span, dots]}, places]


def _row(group: Sequence[Chip], name: Name, frame: Frame, labels: Labels) -> Spec:
    """A dot as the picture needs it: its figures, its look, and where its name stands."""
    chip = group[0]
    low, high = chip.low or frame.density[0], chip.high or chip.low or frame.density[0]
    middle = math.sqrt(low * high)
    colour = COLOURS["licence_denial_expected"] if chip.asked else INK
    dot_x, dot_y = frame.x(chip.tpp), frame.y(middle)
    right = name.x + text_width(name.text, SMALL) + 2
    return {
        "name": ", ".join(one.name for one in group),
        "x": chip.tpp,
        "y": middle,
        "low": low,
        "high": high,
        "tpp": labels.number(chip.tpp),
        "shape": "diamond" if chip.asked else "circle",
        "size": 230 if chip.asked else 70,
        "fill": PAPER if any(one.estimated for one in group) else colour,
        "stroke": colour,
        "label": name.text,
        "leader": name.leader,
        "text": round(name.x, 1),
        "top": round(name.y, 1),
        "edgeX": round(min(max(dot_x, name.x - 2), right), 1),
        "edgeY": round(min(max(dot_y, name.y - 8), name.y + 8), 1),
        "dotX": round(dot_x, 1),
        "dotY": round(dot_y, 1),
    }


TITLE_ABOVE = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleX": -AXIS, "titleY": -14}
"""The title of the upright axis lies flat above it, where a phone reads it."""

TPP_TICKS = (1_600, 2_400, 4_800, 10_000, 21_000, 50_000, 150_000)
PD_TICKS = (1, 1.6, 3.2, 5.92, 10, 20, 40, 100)


def _ticks(values: Sequence[float], bounds: tuple[float, float], labels: Labels, key: str) -> Spec:
    """An axis with the legal limits among its ticks, numbers written in the language."""
    shown = [value for value in values if bounds[0] <= value <= bounds[1]]
    words = {f"{value:g}": labels.number(value, _digits(value)) for value in shown}
    table = ",".join(f"'{number}':'{word}'" for number, word in words.items())
    return {
        "values": shown,
        "labelExpr": f"{{{table}}}[datum.value]",
        "title": labels.text(key),
        "grid": True,
        "labelOverlap": "greedy",
    }


def _digits(value: float) -> int:
    """Decimal places that a limit is written with."""
    return 0 if value == int(value) else 1 if value == round(value, 1) else 2


def _names(groups: Sequence[Sequence[Chip]], frame: Frame, labels: Labels) -> list[Name]:
    spots = []
    for group in groups:
        chip = group[0]
        middle = math.sqrt((chip.low or 1) * (chip.high or chip.low or 1))
        spots.append(Spot(frame.x(chip.tpp), frame.y(middle), tuple(one.name for one in group), first=chip.asked))
    edge = frame.x(TPP_WINDOW)
    says = text_width(labels.text("limits.window", tpp=labels.number(TPP_WINDOW)), SMALL)
    line = (edge - 2, 0.0, edge + 2, float(PLOT_HEIGHT))
    spans = [
        (frame.x(chip.tpp) - 3, frame.y(chip.high), frame.x(chip.tpp) + 3, frame.y(chip.low))
        for chip, *_ in groups
        if chip.low and chip.high
    ]
    return place(spots, PLOT_WIDTH, PLOT_HEIGHT, [(edge - 12 - says, 0, edge, 26), *spans], [line])


def _key(chart: Map, labels: Labels) -> Spec:
    """What areas and dots mean, on as many lines as it takes."""
    entries = [
        ("square", AREA_A, RULE, "3A090.a"),
        ("square", AREA_B, RULE, "3A090.b"),
        ("circle", INK, INK, labels.text("limits.other")),
    ]
    if any(chip.asked for chip in chart.chips):
        colour = COLOURS["licence_denial_expected"]
        entries.insert(2, ("diamond", colour, colour, labels.text("limits.asked")))
    if any(chip.estimated for chip in chart.chips):
        entries.append(("circle", PAPER, INK, labels.text("limits.estimated")))
    rows, x, y = [], -AXIS + 8.0, 9
    for shape, fill, stroke, word in entries:
        wide = 14 + text_width(word, SMALL)
        if x + wide > PLOT_WIDTH:
            x, y = -AXIS + 8.0, y + 22
        size = 260 if shape == "square" else 110
        rows.append({"x": x, "text": x + 14, "y": y, "shape": shape, "fill": fill, "stroke": stroke, "word": word,
                     "size": size})  # fmt: skip
        x += wide + 18
    raw = {"type": "nominal", "scale": None, "legend": None}
    return {
        "width": PLOT_WIDTH,
        "height": y + 9,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 1.8},
                "encoding": {
                    **at_pixels("x", "y"),
                    "shape": {"field": "shape", **raw},
                    "size": {"field": "size", "type": "quantitative", "scale": None, "legend": None},
                    "fill": {"field": "fill", **raw},
                    "stroke": {"field": "stroke", **raw},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": SMALL},
                "encoding": {**at_pixels("text", "y"), "text": {"field": "word"}},
            },
        ],
    }
