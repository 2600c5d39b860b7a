"""Two clocks: what the law was, and what anyone outside could know of it, with the days between marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.cards.charts.labels import Labels
from bot.cards.charts.lanes import (
    BAR,
    BAR_TOP,
    INNER,
    LANE,
    TEXT_ROW,
    Happening,
    Lane,
    Span,
    Stretch,
    happenings_view,
    lanes_view,
    milliseconds,
    on_paper,
    time_x,
)
from bot.cards.charts.look import INK, SMALL, Spec, framed, legend, text_width, used_shades
from bot.cards.charts.timeline import EVENT_MARKS, is_shown, lane_sentences


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the picture shows: the same status by the law and by what was public, and the day asked for."""

    chip: str
    place: str
    law: tuple[Stretch, ...]
    known: tuple[Stretch, ...]
    span: Span
    asked: date | None = None
    happenings: tuple[Happening, ...] = ()


def specification(clocks: Clocks, labels: Labels | None = None) -> Spec:
    """The picture as a Vega-Lite specification."""
    labels = labels or Labels()
    lanes = _lanes(clocks, labels)
    rows = _gap_rows(gaps(clocks), clocks.span, labels)
    below = max((row["row"] + 1 for row in rows), default=0) * TEXT_ROW
    kinds = {happening.law for happening in clocks.happenings}
    extra = [(mark, labels.text(key)) for law, mark, key in EVENT_MARKS if law in kinds]
    shades = [one.shade for lane in lanes for one in lane.stretches if is_shown(one, clocks.span)]
    view = lanes_view(
        lanes,
        clocks.happenings,
        clocks.span,
        labels,
        asked=clocks.asked,
        layers=_gap_layers(rows),
        below=below,
    )
    parts = [view, legend(used_shades(shades), labels, extra)]
    if clocks.happenings:
        parts.append(happenings_view(clocks.happenings, labels))
    return framed(
        labels.text("clocks.title", chip=clocks.chip, place=clocks.place),
        [labels.text("ledger", day=labels.day(clocks.span.ledger))],
        parts,
        alt=alt(clocks, labels),
        labels=labels,
        spacing=16,
    )


def alt(clocks: Clocks, labels: Labels | None = None) -> str:
    """The picture in words: both lanes, then the days on which the law bound and nobody outside could know it."""
    labels = labels or Labels()
    sentences = [
        labels.text("clocks.alt", chip=clocks.chip, place=clocks.place),
        *lane_sentences(_lanes(clocks, labels), clocks.span, labels),
    ]
    sentences += [
        f"{labels.text('clocks.gap', days=(ends - begins).days)} ({labels.day(begins)} – {labels.day(ends)})."
        for begins, ends in gaps(clocks)
    ]
    return " ".join(sentences)


def gaps(clocks: Clocks) -> list[tuple[date, date]]:
    """The stretches of days (end exclusive) on which the two lanes say different things."""
    days = {clocks.span.begins, clocks.span.ends}
    for stretch in (*clocks.law, *clocks.known):
        days |= {day for day in (stretch.begins, stretch.ends) if day and clocks.span.begins < day < clocks.span.ends}
    borders = sorted(days)
    found: list[tuple[date, date]] = []
    for begins, ends in pairwise(borders):
        if _on(clocks.law, begins) == _on(clocks.known, begins):
            continue
        if found and found[-1][1] == begins:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return found


def _on(stretches: Sequence[Stretch], day: date) -> tuple[str, str] | None:
    return next(
        ((one.shade, one.word) for one in stretches if one.begins <= day and (one.ends is None or day < one.ends)), None
    )


def _lanes(clocks: Clocks, labels: Labels) -> tuple[Lane, ...]:
    return Lane(labels.text("clocks.law"), clocks.law), Lane(labels.text("clocks.known"), clocks.known)


def _gap_rows(found: Sequence[tuple[date, date]], span: Span, labels: Labels) -> list[Spec]:
    """Each gap with its words, in a row of text where they do not meet another's."""
    ends_of_rows: list[float] = []
    rows = []
    for begins, ends in found:
        says = labels.text("clocks.gap", days=(ends - begins).days)
        wide = text_width(says, SMALL)
        left = min(max((span.pixel(begins) + span.pixel(ends) - wide) / 2, 0), INNER - wide)
        row = next((row for row, end in enumerate(ends_of_rows) if left > end + 8), len(ends_of_rows))
        ends_of_rows[row : row + 1] = [left + wide]
        boxes = [LANE * lane + BAR_TOP - 2 for lane in (0, 1)]
        rows.append({"from": milliseconds(begins), "to": milliseconds(ends), "boxes": boxes, "row": row, "says": says,
                     "x": round(left + wide / 2, 1), "text": 2 * LANE + TEXT_ROW * row + 6})  # fmt: skip
    return rows


def _gap_layers(rows: Sequence[Spec]) -> list[Spec]:
    if not rows:
        return []
    boxes = [
        {"from": row["from"], "to": row["to"], "y": top, "y2": top + BAR + 4} for row in rows for top in row["boxes"]
    ]
    frame: Spec = {
        "data": {"values": boxes},
        "mark": {"type": "rect", "fillOpacity": 0, "stroke": INK, "strokeWidth": 3},
        "encoding": {
            "x": time_x("from"),
            "x2": {"field": "to"},
            "y": {"field": "y", "type": "quantitative", "scale": None, "axis": None},
            "y2": {"field": "y2"},
        },
    }
    text: Spec = {
        "mark": {"type": "text", "baseline": "middle", "align": "center", "fontSize": SMALL},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
            "y": {"field": "text", "type": "quantitative", "scale": None, "axis": None},
            "text": {"field": "says"},
        },
    }
    return [frame, {"data": {"values": list(rows)}, "layer": on_paper(text)}]
