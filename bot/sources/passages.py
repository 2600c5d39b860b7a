"""The few passages of a long text that speak of export, licences or China: what is judged and quoted of a filing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.redline.pages import html_paragraphs
from bot.sources.plain_text import cut

MOST = 3
LONGEST = 280
"""Characters of one passage: a quotation, not a copy."""
READ = 8_000_000
"""Characters of a text that are looked at."""
_LONG_PARAGRAPH = 20_000

_WORDS: Sequence[tuple[int, re.Pattern[str]]] = (
    (4, re.compile(r"\bexport(?:s|ed|ing)?[ -](?:control|licen[cs]|restriction|administration|polic|rule|curb|ban)")),
    (4, re.compile(r"\blicen[cs]e requirement|\brequir\w{0,4} (?:a |an )?(?:export )?licen[cs]e|\bis[- ]informed\b")),
    (3, re.compile(r"\bbureau of industry and security\b|\bentity list\b|\bd:[145]\b|\b3a090\b|\bgrant\w* licen[cs]e")),
    (3, re.compile(r"\b(?:h20|h200|h100|h800|a100|a800|b30a|l20|mi308x?|mi325x?|rtx pro)\b")),
    (2, re.compile(r"\bu\.?s\.? government\b|\busg\b|\bdepartment of commerce\b|\bcommerce department\b")),
    (2, re.compile(r"\bchin(?:a|ese)\b|\bhong kong\b|\bmaca[uo]\b")),
    (1, re.compile(r"\blicen[cs]e[sd]?\b|\bexport(?:s|ed|ing)?\b|\bsanction")),
)
"""What a sentence is worth for each thing it names. Words of trade alone ("licensed software", "China revenue") do not
reach `ENOUGH`."""
ENOUGH = 4
_ABBREVIATED = r"(?<!\b[A-Z]\.)(?<!\bInc\.)(?<!\bLtd\.)(?<!\bCorp\.)(?<!\bNo\.)"
_SENTENCE = re.compile(rf"(?<=[.!?]){_ABBREVIATED}[\"”’)]*\s+(?=[\"“(]?[A-Z])")


def passages(text: str) -> tuple[str, ...]:
    """The `MOST` passages of an HTML or plain text that say most of export policy, in the order of the text.

    Each is a run of whole sentences of one paragraph, `LONGEST` characters at most. Linear in the length of the text.
    """
    text = text[:READ]
    blocks = [block for block, _ in html_paragraphs(text, by_row=False)] if "<" in text else text.split("\n")
    scored: dict[str, tuple[int, int]] = {}
    for place, block in enumerate(blocks):
        worth = _worth(block)
        if worth >= ENOUGH:
            passage, best = _best_sentences(block)
            if best >= ENOUGH:
                scored.setdefault(passage, (best, place))
    best_first = sorted(scored, key=lambda passage: (-scored[passage][0], scored[passage][1]))[:MOST]
    return tuple(sorted(best_first, key=lambda passage: scored[passage][1]))


def _worth(text: str) -> int:
    folded = text[:_LONG_PARAGRAPH].casefold()
    return sum(points for points, words in _WORDS if words.search(folded))


def _best_sentences(block: str) -> tuple[str, int]:
    """The sentence of a paragraph that says most, with those after it as far as there is room; and what it is worth."""
    sentences = [sentence for sentence in _SENTENCE.split(block[:_LONG_PARAGRAPH]) if sentence]
    worths = [_worth(sentence) for sentence in sentences]
    at = max(range(len(sentences)), key=lambda n: (worths[n], -n))
    passage = sentences[at]
    for following in sentences[at + 1 :]:
        if len(passage) + 1 + len(following) > LONGEST:
            break
        passage += f" {following}"
    return cut(passage, LONGEST, LONGEST // 2), worths[at]
