"""What the words of a free question ask for beside the status: used goods, rented computing time, servers, duties."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.knowledge.wording import Said, say

_LONGEST = 2000
_HAN = re.compile(r"[\u2e80-\u9fff]")
_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Aside:
    """A sentence and the words that call for it: Latin ones as whole words or phrases, Chinese ones anywhere."""

    key: str
    latin: frozenset[str]
    han: tuple[str, ...]


@cache
def _asides() -> tuple[Aside, ...]:
    text = (resources.files("bot.knowledge") / "data" / "asides.toml").read_text(encoding="utf-8")
    return tuple(
        Aside(
            row["key"],
            frozenset(f" {word} " for word in row["words"] if not _HAN.search(word)),
            tuple(word for word in row["words"] if _HAN.search(word)),
        )
        for row in tomllib.loads(text)["aside"]
    )


def asides(question: str) -> tuple[Said, ...]:
    """The sentences that a question in English, German or Chinese calls for by its words, in a fixed order.

    Only the first 2,000 characters are read.
    """
    folded = unicodedata.normalize("NFKC", question[:_LONGEST]).casefold()
    words = f" {' '.join(_WORDS.findall(folded))} "
    return tuple(
        say(aside.key)
        for aside in _asides()
        if any(word in words for word in aside.latin) or any(word in folded for word in aside.han)
    )
