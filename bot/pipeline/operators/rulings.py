"""What operators decided about stories, as the editor follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.store.decisions import Decision


@dataclass(frozen=True, slots=True)
class Rulings:
    """`merged` leads from a cluster to the story that its documents stand in; `apart` from each story of a family that
    was split to all of it; `retracted` are the stories that were taken back, `closed` their clusters; `newest` is the
    number of the last decision that is in it."""

    merged: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)
    retracted: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    newest: int = 0

    @classmethod
    def of(cls, found: Sequence[Decision]) -> Rulings:
        """All decisions in their order."""
        merged: dict[str, str] = {}
        apart: dict[str, frozenset[str]] = {}
        retracted = set()
        for decision in found:
            story, other = decision.story, decision.other
            if decision.decision == "merge" and other is not None:
                merged |= {cluster: story for cluster, into in merged.items() if into == other}
                merged[other] = story
            elif decision.decision == "split" and other is not None:
                family = apart.get(story, frozenset((story,))) | {other}
                apart |= dict.fromkeys(family, family)
            elif decision.decision == "retract":
                retracted.add(story)
        closed = retracted | {cluster for cluster, into in merged.items() if into in retracted}
        newest = found[-1].id if found else 0
        return cls(MappingProxyType(merged), MappingProxyType(apart), frozenset(retracted), frozenset(closed), newest)

    def survivor(self, cluster: str) -> str:
        """The story in which the documents of a cluster stand."""
        return self.merged.get(cluster, cluster)
