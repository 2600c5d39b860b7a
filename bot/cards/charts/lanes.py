"""Lanes: stretches of a status over time, drawn as bars under one another, with numbered happenings below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards.charts.labels import SHORT, Labels
from bot.cards.charts.look import (
    COLOURS,
    FONTS,
    INK,
    INK_ON,
    MARKS,
    MUTED,
    NORMAL,
    PAPER,
    SMALL,
    WIDTH,
    Spec,
    at_pixels,
    raw_colour,
    text_width,
    wrapped,
)

INNER = WIDTH - 32
LANE, BAR_TOP, BAR = 58, 23, 26
"""Pixels of a lane, of the name above its bar, and of the bar."""

TEXT_ROW = 22
"""Pixels of a line of text under the lanes."""

BADGE = 21
"""Pixels of a numbered badge."""

_DAY_ONE = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A status from `begins` until `ends` (exclusive; None: still open).

    `shade` is one of `labels.SHADES` (`labels.shade_of` a status); `word` says it more closely ("letter, policy
    unpublished").
    """

    shade: str
    begins: date
    ends: date | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One layer and destination: its name and its stretches, in order of time."""

    name: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened: an act (`law`) or only words, in one short line."""

    day: date
    text: str
    law: bool


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a picture shows, both inclusive; `ledger` is the last day that the ledger covers."""

    begins: date
    ends: date
    ledger: date

    def pixel(self, day: date) -> float:
        """Where a day stands, in pixels from the left; days outside stand at the border."""
        days = max((self.ends - self.begins).days, 1)
        return min(max((day - self.begins).days / days, 0.0), 1.0) * INNER


def lanes_view(
    lanes: Sequence[Lane],
    happenings: Sequence[Happening],
    span: Span,
    labels: Labels,
    *,
    asked: date | None = None,
    layers: Sequence[Spec] = (),
    below: int = 0,
) -> Spec:
    """The view of the lanes; `layers` are drawn over the bars, `below` pixels under the lanes are free for them."""
    bottom = LANE * len(lanes) + below + (TEXT_ROW if asked or span.ledger < span.ends else 0)
    badges = _badges(happenings, span, bottom + 4)
    height = max([bottom + 4, *(row["y"] + BADGE // 2 + 4 for row in badges)])
    return {
        "width": INNER,
        "height": height,
        "layer": [
            *_uprights(span, labels, asked, bottom),
            _bars(lanes, span, labels),
            _names(lanes),
            *layers,
            *_badge_layers(badges),
        ],
        "resolve": {"scale": {"y": "independent"}},
    }


def time_x(field: str) -> Spec:
    """The encoding of a day (milliseconds, UTC) along the picture; the words in the bars say which days that are."""
    return {"field": field, "type": "temporal", "scale": {"type": "utc"}, "title": None}


def _time_axis(span: Span) -> Spec:
    """What one layer says of time for all: the days of the picture, and ticks in figures that all languages read."""
    years = (span.ends - span.begins).days > 3 * 365
    return {
        "scale": {"type": "utc", "domain": [_moment(span.begins), _moment(span.ends)], "nice": False},
        "axis": {
            "format": "%Y" if years else "%Y-%m",
            "tickCount": "year" if years else 6,
            "title": None,
            "grid": False,
            "labelOverlap": True,
            "labelFlush": 24,
        },
    }


def _moment(day: date) -> Spec:
    return {"utc": True, "year": day.year, "month": day.month, "date": day.day}


def milliseconds(day: date) -> int:
    """A day as a browser counts it: milliseconds since 1970, UTC."""
    return (day - _DAY_ONE).days * 86_400_000


def _pixel_y(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def _bars(lanes: Sequence[Lane], span: Span, labels: Labels) -> Spec:
    rows = []
    for at, lane in enumerate(lanes):
        for stretch in lane.stretches:
            begins, ends = max(stretch.begins, span.begins), min(stretch.ends or span.ends, span.ends)
            if begins >= ends:
                continue
            known = span.ledger if begins < span.ledger < ends else ends
            inside = _inside(stretch, span.pixel(known) - span.pixel(begins), labels)
            for from_day, to_day, strength in _at_ledger(begins, ends, span.ledger):
                rows.append(
                    {
                        "from": milliseconds(from_day),
                        "to": milliseconds(to_day),
                        "y": LANE * at + BAR_TOP,
                        "y2": LANE * at + BAR_TOP + BAR,
                        "colour": COLOURS[stretch.shade],
                        "ink": INK_ON[stretch.shade],
                        "strength": strength,
                        "word": inside if from_day == begins else "",
                        "middle": (milliseconds(begins) + milliseconds(known)) // 2,
                        "says": stretch.word or labels.text(f"status.{stretch.shade}"),
                        "lane": lane.name,
                    }
                )
    bar: Spec = {
        "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1.5},
        "encoding": {
            "x": time_x("from"),
            "x2": {"field": "to"},
            "y": _pixel_y("y"),
            "y2": {"field": "y2"},
            "opacity": {"field": "strength", "type": "quantitative", "scale": None, "legend": None},
            "tooltip": [{"field": "lane"}, {"field": "says"}],
            **raw_colour("colour"),
        },
    }
    word: Spec = {
        "mark": {"type": "text", "yOffset": BAR // 2, "baseline": "middle", "fontSize": SMALL, "font": FONTS},
        "encoding": {
            "x": {**time_x("middle"), **_time_axis(span)},
            "y": _pixel_y("y"),
            "text": {"field": "word"},
            **raw_colour("ink"),
        },
    }
    return {"data": {"values": rows}, "layer": [bar, word]}


def _inside(stretch: Stretch, room: float, labels: Labels) -> str:
    """What fits into a bar: mark and words, mark and one word, the mark, or nothing."""
    mark = MARKS[stretch.shade]
    words = [stretch.word, labels.text(f"status.{stretch.shade}")]
    if stretch.shade in SHORT:
        words.append(labels.text(f"short.{stretch.shade}"))
    for choice in (*(f"{mark} {word}" for word in words if word), mark):
        if text_width(choice, SMALL) + 8 <= room:
            return choice
    return ""


def _at_ledger(begins: date, ends: date, ledger: date) -> list[tuple[date, date, float]]:
    """A stretch, paler from the day on that the ledger does not cover."""
    if begins < ledger < ends:
        return [(begins, ledger, 1.0), (ledger, ends, 0.45)]
    return [(begins, ends, 1.0 if ends <= ledger else 0.45)]


def _names(lanes: Sequence[Lane]) -> Spec:
    return {
        "data": {
            "values": [{"x": 0, "y": LANE * at + BAR_TOP - 12, "name": lane.name} for at, lane in enumerate(lanes)]
        },
        "layer": on_paper(
            {
                "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": NORMAL},
                "encoding": {**at_pixels("x", "y"), "text": {"field": "name"}},
            }
        ),
    }


def on_paper(text: Spec) -> list[Spec]:
    """A text with a rim of the paper's colour, so that no line runs through its letters."""
    rim = {"stroke": PAPER, "strokeWidth": 5, "strokeJoin": "round"}
    return [{**text, "mark": {**text["mark"], **rim}}, text]


def _uprights(span: Span, labels: Labels, asked: date | None, bottom: int) -> list[Spec]:
    """Dashed lines at the day that was asked for and at the ledger's end, where they lie inside."""
    days = [(asked, labels.text("asked", day=labels.day(asked)))] if asked else []
    if span.ledger < span.ends:
        days.append((span.ledger, labels.text("today")))
    rows = []
    for day, says in days:
        at = span.pixel(day)
        right = at + text_width(says, SMALL) + 6 > INNER
        rows.append({"day": milliseconds(day), "from": BAR_TOP - 4, "to": bottom, "says": says, "y": bottom - 8,
                     "right": right})  # fmt: skip
    if not rows:
        return []
    rule: Spec = {
        "mark": {"type": "rule", "strokeDash": [5, 3], "strokeWidth": 1.5, "color": INK},
        "encoding": {"x": time_x("day"), "y": _pixel_y("from"), "y2": {"field": "to"}},
    }
    texts: list[Spec] = [
        {
            "transform": [{"filter": f"datum.right === {'true' if right else 'false'}"}],
            "mark": {"type": "text", "align": "right" if right else "left", "dx": -5 if right else 5, "color": MUTED},
            "encoding": {"x": time_x("day"), "y": _pixel_y("y"), "text": {"field": "says"}},
        }
        for right in (False, True)
    ]
    return [{"data": {"values": rows}, "layer": [rule, *texts]}]


def line_of(happening: Happening, labels: Labels) -> str:
    """A happening as one line: its day, and what happened."""
    return labels.text("event.line", day=labels.day(happening.day), text=happening.text)


def _badges(happenings: Sequence[Happening], span: Span, top: int) -> list[Spec]:
    """Numbered badges in as few rows as keep them apart."""
    ends: list[float] = []
    rows = []
    for number, happening in enumerate(happenings, 1):
        at = min(max(span.pixel(happening.day), BADGE / 2), INNER - BADGE / 2)
        row = next((row for row, end in enumerate(ends) if at - end >= BADGE + 2), len(ends))
        ends[row : row + 1] = [at]
        rows.append(_badge(number, happening.law, round(at, 1), top + BADGE // 2 + row * (BADGE + 4)))
        rows[-1] |= {"day": round(span.pixel(happening.day), 1), "bar": top - 4, "says": happening.text}
    return rows


def _badge(number: int, law: bool, x: float, y: float) -> Spec:
    return {"number": str(number), "x": x, "y": y, "fill": INK if law else PAPER, "ink": PAPER if law else INK}


def _badge_layers(rows: Sequence[Spec]) -> list[Spec]:
    """Round badges, filled for acts and hollow for words; a line leads from each to its day."""
    if not rows:
        return []
    line: Spec = {
        "transform": [{"filter": "isValid(datum.day)"}],
        "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1},
        "encoding": {**at_pixels("day", "bar"), "x2": {"field": "x"}, "y2": {"field": "y"}},
    }
    disc: Spec = {
        "mark": {"type": "point", "shape": "circle", "size": 340, "filled": True, "opacity": 1, "stroke": INK,
                 "strokeWidth": 1.5},
        "encoding": {
            **at_pixels("x", "y"),
            "fill": {"field": "fill", "type": "nominal", "scale": None, "legend": None},
            "tooltip": {"field": "says"},
        },
    }  # fmt: skip
    number: Spec = {
        "mark": {"type": "text", "baseline": "middle", "align": "center", "fontSize": SMALL},
        "encoding": {**at_pixels("x", "y"), "text": {"field": "number"}, **raw_colour("ink")},
    }
    return [{"data": {"values": list(rows)}, "layer": [line, disc, number]}]


def happenings_view(happenings: Sequence[Happening], labels: Labels) -> Spec:
    """The numbered list of what happened, each with its day, wrapped to the width."""
    badges, texts, y = [], [], 0
    for number, happening in enumerate(happenings, 1):
        lines = wrapped(line_of(happening, labels), INNER - 30, SMALL)
        badges.append(_badge(number, happening.law, BADGE / 2, y + BADGE / 2))
        texts += [{"x": 30, "y": y + 10.5 + 18 * at, "line": line} for at, line in enumerate(lines)]
        y += 18 * len(lines) + 8
    text: Spec = {
        "data": {"values": texts},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": SMALL},
        "encoding": {**at_pixels("x", "y"), "text": {"field": "line"}},
    }
    return {"width": INNER, "height": max(y, 1), "layer": [text, *_badge_layers(badges)]}
