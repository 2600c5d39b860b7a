"""The stories of the last months in memory: finds the one that a new document tells, without looking at all of them.

Months of stories are thousands of documents: what is kept of each is packed, and unpacked for the few to compare.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from bot.pipeline.stories.fingerprint import Fingerprint
from bot.pipeline.stories.likeness import Likeness, shipped

TIMELESS = datetime.min.replace(tzinfo=UTC)
"""The `at` of a document of which nobody knows when it was found (an undated line of `chipwatch assess`)."""
MEMORY_DAYS = 120
"""Stories that have not grown for this long are closed: a later document starts a new one."""
THRESHOLD = 1.1
POSTINGS = 96
"""How many stories, the latest first, a key leads to."""
SIZE = 0.2
"""What each e-fold of a story's size adds: a story that many tell is likelier to be told again."""
ALONE = 1 + (POSTINGS - 1) // 24
"""What a key tells that leads to one story only."""
CANDIDATES = 12
MEMBERS = 8
"""How many fingerprints a story is compared by: its first and its latest."""


NOTHING_APART: Mapping[str, Collection[str]] = MappingProxyType({})

ANOTHER_ACT = -99.0
_ACTS_OF_STATES = frozenset(
    ("rule", "licence_requirement", "licence_granted", "foreign_measure", "entity_list", "rescission")
)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a document belongs: a story, or None for a new one; and how well it fits."""

    story_id: str | None
    score: float


@dataclass(slots=True)
class _Entry:
    packed: list[tuple[str, datetime]] = field(default_factory=list)
    grew_at: datetime = TIMELESS
    keys: array[int] = field(default_factory=lambda: array("q"))

    @property
    def members(self) -> list[tuple[Fingerprint, datetime]]:
        """The fingerprints that the story is compared by, and when each joined it."""
        return [(Fingerprint.unpacked(packed), joined) for packed, joined in self.packed]


class StoryIndex:
    """Stories by the keys of their members. All times are aware, UTC. The same calls give the same answers."""

    def __init__(self, likeness: Likeness | None = None, threshold: float = THRESHOLD) -> None:
        self._likeness = likeness or shipped()
        self._threshold = threshold
        self._stories: dict[str, _Entry] = {}
        self._postings: dict[int, str | dict[str, None]] = {}
        """The stories of a key, by its hash; most lead to a single one."""

    def __len__(self) -> int:
        return len(self._stories)

    def place(
        self,
        fingerprint: Fingerprint,
        at: datetime,
        apart: Mapping[str, Collection[str]] = NOTHING_APART,
        without: Collection[str] = (),
    ) -> Placement:
        """The story that a document found at `at` tells. Changes nothing.

        `apart` leads from a story to all those that an operator split from one another: among these the nearest single
        document decides, since together they are as alike as can be. Stories in `without` are not looked at.
        """
        best, best_score = None, self._threshold
        for story in self._candidates(fingerprint):
            if story in without:
                continue
            score = self._fit(fingerprint, self._stories[story], at)
            if score > best_score:
                best, best_score = story, score
        if best is None:
            return Placement(None, 0.0)
        if best in apart:
            family = [story for story in sorted(apart[best]) if story in self._stories and story not in without]
            best = max(family, key=lambda story: self._nearest(fingerprint, self._stories[story], at))
        return Placement(best, round(best_score, 4))

    def add(self, story_id: str, fingerprint: Fingerprint, at: datetime) -> None:
        """Put a document into a story, which begins with it if it is unknown."""
        entry = self._stories.setdefault(story_id, _Entry())
        entry.packed.append((fingerprint.packed(), at))
        if len(entry.packed) > MEMBERS:
            del entry.packed[MEMBERS // 2]
        entry.grew_at = max(entry.grew_at, at)
        entry.keys.extend(key for key in map(hash, _keys(fingerprint)) if self._lead(key, story_id))

    def _lead(self, key: int, story_id: str) -> bool:
        """Let a key lead to a story, the latest of its stories; whether it did not before."""
        posting = self._postings.get(key)
        if posting == story_id:
            return False
        if posting is None:
            self._postings[key] = story_id
            return True
        if isinstance(posting, str):
            posting = self._postings[key] = {posting: None}
        known = story_id in posting
        posting.pop(story_id, None)
        posting[story_id] = None
        if len(posting) > POSTINGS:
            del posting[next(iter(posting))]
        return not known

    def remove(self, story_id: str) -> None:
        """Forget a story (it was merged into another)."""
        entry = self._stories.pop(story_id, None)
        for key in entry.keys if entry else ():
            posting = self._postings.get(key)
            if isinstance(posting, dict):
                posting.pop(story_id, None)
            if posting == story_id or posting == {}:
                del self._postings[key]

    def forget(self, before: datetime) -> int:
        """Close the stories that have not grown since `before`; how many they were."""
        old = [story for story, entry in self._stories.items() if entry.grew_at < before]
        for story in old:
            self.remove(story)
        return len(old)

    def _candidates(self, fingerprint: Fingerprint) -> list[str]:
        shared: Counter[str] = Counter()
        for key in map(hash, _keys(fingerprint)):
            posting = self._postings.get(key)
            if isinstance(posting, str):
                shared[posting] += ALONE
            elif posting:
                weight = 1 + (POSTINGS - len(posting)) // 24
                for story in posting:
                    shared[story] += weight
        ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
        return [story for story, _ in ranked[:CANDIDATES]]

    def _fit(self, fingerprint: Fingerprint, entry: _Entry, at: datetime) -> float:
        """The mean of the better half: one chance likeness is not enough, one odd member does no harm. Acts of two
        states, and acts on two places, are two happenings however alike they sound."""
        members = entry.members
        if any(
            all(apart(fingerprint, each) for each, _ in members) for apart in (_of_another_state, _on_another_place)
        ):
            return ANOTHER_ACT
        scores = sorted(self._scores(fingerprint, members, at), reverse=True)
        better = scores[: (len(scores) + 1) // 2]
        return sum(better) / len(better) + SIZE * math.log(len(members))

    def _nearest(self, fingerprint: Fingerprint, entry: _Entry, at: datetime) -> float:
        return max(self._scores(fingerprint, entry.members, at))

    def _scores(
        self, fingerprint: Fingerprint, members: Collection[tuple[Fingerprint, datetime]], at: datetime
    ) -> list[float]:
        return [
            self._likeness.score(fingerprint, member, gap_in_days(fingerprint, at, member, joined))
            for member, joined in members
        ]


def _of_another_state(a: Fingerprint, b: Fingerprint) -> bool:
    if a.kind not in _ACTS_OF_STATES or b.kind not in _ACTS_OF_STATES:
        return False
    acting, other = _acting(a), _acting(b)
    return bool(acting) and bool(other) and acting.isdisjoint(other)


def _acting(text: Fingerprint) -> frozenset[str]:
    """Whose act it is: another state's measure on US chips is no act of the United States."""
    own = text.origin - {"US"}
    return own if own and text.kind == "foreign_measure" else text.origin


def _on_another_place(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether both name where the goods go in their first words, and no place is the same. Cases name whom they like:
    the country of transit, of the buyer, of the accused."""
    if "enforcement" in (a.kind, b.kind) or not a.destinations.isdisjoint(b.destinations):
        return False
    return all(
        any(f"{section}.{code}" in text.concepts for section in ("places", "doubted") for code in text.destinations)
        for text in (a, b)
    )


def gap_in_days(a: Fingerprint, a_at: datetime, b: Fingerprint, b_at: datetime) -> int | None:
    """Days between two documents by their publishers' dates, else by when they were found; None without times."""
    if a.day is not None and b.day is not None:
        return abs(a.day - b.day)
    if TIMELESS in (a_at, b_at):
        return None
    first = a.day if a.day is not None else a_at.date().toordinal()
    second = b.day if b.day is not None else b_at.date().toordinal()
    return abs(first - second)


def story_id(source: str, key: str) -> str:
    """The id of the story that a document starts: the same in every run."""
    return "s-" + hashlib.sha256(f"{source}\n{key}".encode("utf-8", "replace")).hexdigest()[:12]


def _keys(fingerprint: Fingerprint) -> Iterator[str]:
    """What leads to a story: pairs of facts, numbers, names and words of the title. Bounded in number."""
    kind = fingerprint.kind
    for thing in sorted(fingerprint.chips | fingerprint.companies)[:8]:
        yield f"{thing}|{kind}"
        yield f"{thing}|{fingerprint.direction}"
        yield thing
        if fingerprint.day is not None:
            yield f"{thing}@{fingerprint.day // 14}"
            yield f"{thing}@{fingerprint.day // 14 + 1}"
    yield f"{kind}|{fingerprint.direction}|{'+'.join(sorted(fingerprint.destinations))}"
    if fingerprint.day is not None:
        yield f"{kind}@{fingerprint.day // 14}"
        yield f"{kind}@{fingerprint.day // 14 + 1}"
    for concept in sorted(fingerprint.concepts):
        if concept.startswith(
            ("agencies.", "terms.diffusion", "terms.bill", "terms.entity", "terms.loophole", "terms.veu")
        ):
            yield concept
    yield from sorted(fingerprint.spots)
    for number in sorted(fingerprint.numbers)[:8]:
        yield f"#{number}"
    for name in sorted(fingerprint.names)[:24]:
        yield f"n{name}"
    for word in sorted(fingerprint.title)[:24]:
        yield f"w{word}"
    if fingerprint.link:
        yield fingerprint.link
