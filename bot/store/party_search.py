"""Names of listed parties, ready to be searched: exact, nearly, by some of their words, and by their sound."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.knowledge.names import core, folded, sound, spoken
from bot.model import Party

Place = tuple[str, str, str]
"""Source, list and key of a stored party."""

NEAR = 78.0
"""Percent of likeness from which a whole name is shown; short names are let in a little earlier."""
NEAR_SHORT = 66.0
SHORT = 6
LIKE_ENOUGH = 0.72
COMMON = 3000
"""A word of so many names tells nothing by itself."""
MOST_CANDIDATES = 600


@dataclass(frozen=True, slots=True)
class PartyMatch:
    """A listed party that a name may stand for. `matched` is the name of it that is alike, `score` from 0 to 1.

    `why` are stable names: `same`, `alias` (one of its other names), `near` (a letter or two differ), `words` (some of
    its words), `sound` (another transcription), `known_as` (the chip trade knows the asked name by another).
    """

    party: Party
    matched: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A match before its party is read."""

    place: Place
    matched: str
    score: float
    why: tuple[str, ...]


class Index:
    """Every name and alias of the stored parties. `entries` are places with their names, the party's own first."""

    def __init__(self, entries: Iterable[tuple[Place, Sequence[str]]]) -> None:
        self._places: list[Place] = []
        self._names: list[str] = []
        self._owner: list[int] = []
        self._first: list[bool] = []
        for place, names in entries:
            self._places.append(place)
            for number, name in enumerate(names):
                self._names.append(name)
                self._owner.append(len(self._places) - 1)
                self._first.append(number == 0)
        self._cores = [core(name) for name in self._names]
        self._words: dict[str, list[int]] = {}
        for at, text in enumerate(self._cores):
            for word in set(text.split()):
                self._words.setdefault(word, []).append(at)
        self._of_length: dict[int, list[str]] = {}
        for word in self._words:
            self._of_length.setdefault(len(word), []).append(word)
        self._folded = [folded(name) for name in self._names]

    def __len__(self) -> int:
        return len(self._places)

    @cached_property
    def _sounds(self) -> list[str]:
        """Built at the first name that nothing else finds."""
        return [sound(text).replace(" ", "") for text in self._cores]

    @cached_property
    def _sounding(self) -> dict[str, str]:
        """The commonest word of each sound."""
        found: dict[str, str] = {}
        for word, holders in self._words.items():
            heard = sound(word)
            if len(heard) > 3 and len(holders) > len(self._words.get(found.get(heard, ""), ())):
                found[heard] = word
        return found

    def find(self, name: str, limit: int = 10) -> list[Found]:
        """The places whose names are most like `name`, each once, by its best name; never more than `limit`."""
        asked = core(name[:300])
        if not asked or limit <= 0:
            return []
        best: dict[int, Found] = {}
        self._by_whole(asked, best)
        self._by_words(asked, best, exact=_best(best) >= 0.9)
        if _best(best) < 0.9:
            for known in _known_as(name):
                self._by_words(core(known), best, extra=("known_as",), of=0.95)
        if _best(best) < 0.9:
            self._by_spelling(folded(name[:300]), best)
        if _best(best) < 0.8:
            self._by_sound(name, best)
        ranked = sorted(best.values(), key=lambda found: (-found.score, len(found.matched), found.place))
        return ranked[:limit]

    def _by_whole(self, asked: str, best: dict[int, Found]) -> None:
        from rapidfuzz import fuzz, process

        cutoff = NEAR_SHORT if len(asked) < SHORT else NEAR
        for _, score, at in process.extract(asked, self._cores, scorer=fuzz.ratio, score_cutoff=cutoff, limit=60):
            self._take(at, score / 100, ("same",) if score == 100 else ("near",), best)

    def _by_spelling(self, asked: str, best: dict[int, Found]) -> None:
        """The name with all its words, where a slip stands in what says the kind of firm ("Privat Limited")."""
        from rapidfuzz import fuzz, process

        for _, score, at in process.extract(asked, self._folded, scorer=fuzz.ratio, score_cutoff=84, limit=20):
            self._take(at, score / 100, ("near",), best)

    def _by_words(
        self, asked: str, best: dict[int, Found], extra: tuple[str, ...] = (), of: float = 1.0, exact: bool = False
    ) -> None:
        """Names that share the telling words of what is asked, whatever else they hold and in any order; `exact`: only
        words as they are."""
        weights = self._weights(asked.split(), exact=exact)
        total = sum(weight for _, weight, _ in weights)
        if not total:
            return
        shares: dict[int, float] = {}
        for spelling, weight, likeness in weights:
            holders = self._words.get(spelling, ())
            if len(holders) > COMMON and shares:
                for at in shares.keys() & set(holders):
                    shares[at] += weight * likeness
                continue
            for at in holders:
                shares[at] = shares.get(at, 0.0) + weight * likeness
        slips = ("near",) if any(0 < likeness < 1 for _, _, likeness in weights) else ()
        ranked = sorted(shares.items(), key=lambda item: (-item[1], len(self._cores[item[0]])))[:MOST_CANDIDATES]
        for at, share in ranked:
            covered = share / total
            if covered < LIKE_ENOUGH:
                continue
            rest = len(asked) / max(len(asked), len(self._cores[at]))
            score = of * covered * (0.84 + 0.16 * rest)
            if score >= LIKE_ENOUGH * 0.9:
                self._take(at, score, (*extra, "words", *slips), best)

    def _weights(self, words: Sequence[str], *, exact: bool) -> list[tuple[str, float, float]]:
        """The words of a name as the lists spell them, the rarest first: spelling, weight, likeness."""
        found = []
        for word in dict.fromkeys(words):
            spelling, likeness = word, 1.0
            if word not in self._words:
                spelling, likeness = (word, 0.0) if exact else self._nearest(word)
            holders = len(self._words.get(spelling, ()))
            found.append((spelling, math.log(1 + len(self._names) / (1 + holders)), likeness))
        return sorted(found, key=lambda entry: -entry[1])

    def _nearest(self, word: str) -> tuple[str, float]:
        """The word of the lists that differs by one letter, or the word itself, unknown."""
        if len(word) < 4:
            return word, 0.0
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

        alike = [known for length in range(len(word) - 1, len(word) + 2) for known in self._of_length.get(length, ())]
        near = process.extract(word, alike, scorer=Levenshtein.distance, score_cutoff=2, limit=8)
        close = [spelling for spelling, _, _ in near if DamerauLevenshtein.distance(word, spelling) <= 1]
        if not close:
            sounding = self._sounding.get(sound(word))
            return (sounding, 0.85) if sounding else (word, 0.0)
        return max(close, key=lambda spelling: len(self._words[spelling])), 0.9

    def _by_sound(self, name: str, best: dict[int, Found]) -> None:
        from rapidfuzz import fuzz, process

        asked = spoken(name[:300]).replace(" ", "")
        if len(asked) < 4:
            return
        for _, score, at in process.extract(asked, self._sounds, scorer=fuzz.ratio, score_cutoff=84, limit=40):
            self._take(at, score / 100 * 0.97, ("sound",), best)

    def _take(self, at: int, score: float, why: tuple[str, ...], best: dict[int, Found]) -> None:
        owner = self._owner[at]
        if not self._first[at]:
            why = ("alias", *(reason for reason in why if reason != "same"))
        known = best.get(owner)
        if known is None or (score, self._first[at]) > (known.score, known.matched == self._names[at]):
            best[owner] = Found(self._places[owner], self._names[at], round(score, 3), why)


def _best(found: dict[int, Found]) -> float:
    return max((match.score for match in found.values()), default=0.0)


def likeness(asked: str, names: Sequence[str]) -> tuple[float, str, tuple[str, ...]]:
    """How like a name is to a party's names: the best score, the name that has it, and why; 0 where none is."""
    found = Index([(("", "", ""), names)]).find(asked, 1)
    return (found[0].score, found[0].matched, found[0].why) if found else (0.0, "", ())


def _known_as(name: str) -> list[str]:
    """The names under which the chip trade knows a company that is asked for in another script or by another name."""
    from bot.knowledge.vocabulary import vocabulary

    words = vocabulary()
    asked = folded(name)
    matches = words.find(words.folding.fold(name[:300]))
    names = dict.fromkeys(m.concept.partition(".")[2] for m in matches if m.concept.startswith("companies."))
    return [known for known in names if folded(known) not in asked]
