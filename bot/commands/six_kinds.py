"""The six kinds that people are told (rule, licence, list, enforcement, bill or plan, talk), and the labels of each."""

from __future__ import annotations

from bot.cards.names import SIX_KINDS, six_kind
from bot.model import Kind


def kinds_of(six: str) -> frozenset[Kind]:
    """The labels that people know under one word."""
    return frozenset(kind for kind in Kind if six_kind(kind) == six)


def six_of(kinds: frozenset[str]) -> tuple[str, ...]:
    """The words for labels, each once; a word counts where all of its labels are there."""
    return tuple(six for six in SIX_KINDS if kinds and kinds_of(six) <= {Kind(kind) for kind in kinds})
