"""The timeline of a chip: a lane for each layer and destination, coloured and marked by status, with what happened."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards.charts.labels import Labels
from bot.cards.charts.lanes import Happening, Lane, Span, Stretch, happenings_view, lanes_view, line_of
from bot.cards.charts.look import Spec, framed, legend, used_shades


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the picture shows. Happenings are numbered in the order given; some ten are readable."""

    chip: str
    lanes: tuple[Lane, ...]
    happenings: tuple[Happening, ...]
    span: Span


def specification(timeline: Timeline, labels: Labels | None = None) -> Spec:
    """The picture as a Vega-Lite specification."""
    labels = labels or Labels()
    inside = [
        stretch.shade for lane in timeline.lanes for stretch in lane.stretches if is_shown(stretch, timeline.span)
    ]
    kinds = {happening.law for happening in timeline.happenings}
    extra = [(mark, labels.text(key)) for law, mark, key in EVENT_MARKS if law in kinds]
    parts = [
        lanes_view(timeline.lanes, timeline.happenings, timeline.span, labels),
        legend(used_shades(inside), labels, extra),
    ]
    if timeline.happenings:
        parts.append(happenings_view(timeline.happenings, labels))
    return framed(
        labels.text("timeline.title", chip=timeline.chip),
        [labels.text("ledger", day=labels.day(timeline.span.ledger))],
        parts,
        alt=alt(timeline, labels),
        labels=labels,
        spacing=16,
    )


EVENT_MARKS = ((True, "●", "event.law"), (False, "○", "event.words"))


def alt(timeline: Timeline, labels: Labels | None = None) -> str:
    """The picture in words: the stretches of each lane, then what happened."""
    labels = labels or Labels()
    span = timeline.span
    sentences = [
        labels.text("timeline.alt", chip=timeline.chip, begins=labels.day(span.begins), ends=labels.day(span.ends)),
        *lane_sentences(timeline.lanes, span, labels),
    ]
    if timeline.happenings:
        events = "; ".join(line_of(happening, labels) for happening in timeline.happenings)
        sentences.append(labels.text("timeline.alt_events", events=events))
    return " ".join(sentences)


def lane_sentences(lanes: tuple[Lane, ...], span: Span, labels: Labels) -> list[str]:
    """One sentence a lane: each stretch with the day it begins."""
    return [
        labels.text(
            "timeline.alt_lane",
            lane=lane.name,
            stretches="; ".join(
                labels.text(
                    "timeline.alt_stretch",
                    word=stretch.word or labels.text(f"status.{stretch.shade}"),
                    begins=labels.day(stretch.begins),
                )
                for stretch in lane.stretches
                if is_shown(stretch, span)
            ),
        )
        for lane in lanes
    ]


def is_shown(stretch: Stretch, span: Span) -> bool:
    """Whether a stretch reaches into the days of the picture."""
    return stretch.begins < span.ends and (stretch.ends is None or stretch.ends > span.begins)
