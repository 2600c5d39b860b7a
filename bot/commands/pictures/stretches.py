"""Stretches of a status over time, as the lanes of a picture show them: neighbours that say the same are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby, pairwise

from bot.cards.charts.labels import Labels, shade_of
from bot.cards.charts.lanes import Stretch
from bot.knowledge.status import LayerStatus
from bot.knowledge.statuses import StatusName
from bot.locale.catalogue import Catalogue, catalogue


def labels_of(language: str) -> Labels:
    """The words of the pictures in a language; English where it lacks one."""
    say = catalogue(language)
    return Labels(say.language, say.texts)


def word_of(say: Catalogue, status: StatusName | None) -> str:
    """A status in the few words that fit into a bar; none where none is known, for the shade's own words say that."""
    return "" if status is None else say.text(f"chart.word.{status}")


def stretches(say: Catalogue, statuses: Iterable[LayerStatus], begins: date) -> tuple[Stretch, ...]:
    """The statuses of a layer from a day on, with what lies between them as "no measure known"."""
    days: list[tuple[date, StatusName | None]] = [(begins, None)]
    for status in statuses:
        days.append((max(status.since, begins), status.name))
        if status.until:
            days.append((status.until, None))
    return joined(say, days)


def joined(say: Catalogue, days: Iterable[tuple[date, StatusName | None]]) -> tuple[Stretch, ...]:
    """Stretches from the days on which a status begins, in order; the last stays open. Of one day the last counts."""
    named = dict(days)
    steps = [next(group) for _, group in groupby(named.items(), key=lambda step: step[1])]
    ends = [day for day, _ in steps[1:]]
    return tuple(
        Stretch(shade_of(name), day, until, word_of(say, name))
        for (day, name), until in zip(steps, [*ends, None], strict=True)
    )


def changes(found: Iterable[Stretch]) -> Iterator[date]:
    """The days on which one stretch follows another."""
    return (after.begins for _, after in pairwise(found))
