"""The words by which a text is found again: those of the vocabulary as concepts, so that a question in one language
finds a title in another, and all others by their stem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.knowledge.folding import CJK_FROM
from bot.knowledge.vocabulary import vocabulary
from bot.model import Assessment

MOST_TERMS = 8
LONGEST_QUESTION = 200
_KNOWN = ("chips.", "companies.", "people.", "places.", "agencies.", "named.", "persons.", "spots.", "terms.")
_WORD = re.compile(r"[a-z0-9à-ÿ\u0370-\u04ff][a-z0-9à-ÿ\u0370-\u04ff-]*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ENDING = re.compile(r"(?<=[a-zà-ÿ]{4})(?:ungen|ung|ings?|ed|en|es|er|[sne])$")
_SHORT = 2


def words_of(text: str) -> frozenset[str]:
    """The words of a text: `chips.H20`, `places.CN`, stems of words, and pairs of CJK characters."""
    folded = vocabulary().folding.fold(text)
    concepts = {match.concept for match in vocabulary().find(folded) if match.concept.startswith(_KNOWN)}
    return frozenset({*concepts, *_plain(folded.text)})


def labels_of(facts: Assessment) -> frozenset[str]:
    """The words under which a story's own facts stand."""
    return frozenset(
        (
            *(f"chips.{chip}" for chip in facts.chips),
            *(f"companies.{company}" for company in facts.companies),
            *(f"to.{place}" for place in facts.destinations),
            *(f"places.{place}" for place in facts.destinations),
            f"kind.{facts.kind}",
        )
    )


def terms_of(question: str) -> tuple[frozenset[str], ...]:
    """What a text must have to answer a question: of each set at least one word. Empty for a question without words."""
    folded = vocabulary().folding.fold(question[:LONGEST_QUESTION])
    text = folded.text
    found: list[frozenset[str]] = []
    covered = [False] * len(text)
    longest = sorted(vocabulary().find(folded), key=lambda match: (match.start, match.start - match.end))
    for match in longest:
        if not match.concept.startswith(_KNOWN) or any(covered[match.start : match.end]):
            continue
        same = {m.concept for m in longest if (m.start, m.end) == (match.start, match.end)}
        found.append(frozenset(concept for concept in same if concept.startswith(_KNOWN)))
        covered[match.start : match.end] = [True] * (match.end - match.start)
    rest = "".join(" " if taken else char for char, taken in zip(text, covered, strict=True))
    found += [frozenset((word,)) for word in _plain(rest)]
    return tuple(dict.fromkeys(found))[:MOST_TERMS]


def _plain(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        if len(word) >= _SHORT:
            yield _ENDING.sub("", word.strip("-"))
    for run in _CJK.findall(text):
        yield from (run[at : at + 2] for at in range(len(run) - 1)) if len(run) > 1 else run


def is_word(text: str) -> bool:
    """Whether a text has anything to look for."""
    return any(char.isalnum() or char >= CJK_FROM for char in text)


def joined(words: Sequence[str]) -> str:
    """Several words as one question."""
    return " ".join(word for word in words if is_word(word))
