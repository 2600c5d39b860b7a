"""What the full text of a Federal Register document says beyond its record: read from its XML, or from plain text."""

from __future__ import annotations

import html
import re
from typing import Any

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.sources.challenge import refuse_challenge
from bot.sources.plain_text import summary_of, tidy
from bot.sources.register import eccns

LONGEST_READ = 4_000_000
"""Characters of a text that are looked at; the longest rules have two million."""
LONGEST_DATES = 2000
_MOST_NAMED = 60
_TAG = re.compile(r"<[^<>]{0,400}>")
_PARTS = re.compile(r"\b(\d{1,2}) CFR (?:Parts? )?((?:\d{1,4}(?:, and |, | and )){0,30}\d{1,4})\b", re.IGNORECASE)
_AMENDED = re.compile(r"<REGTEXT\b[^<>]{0,80}?\bTITLE=\"(\d{1,2})\"[^<>]{0,80}?\bPART=\"(\d{1,4})\"")
_RIN = re.compile(r"\b(\d{4}-[A-Z]{2}\d{2})\b")
_DOCKET = re.compile(r"\bDocket (?:No\.|Number|ID) ?:? ?([A-Z0-9][A-Z0-9-]{4,40})")
_ABOUT = re.compile(r"\bFR Doc(?:ument)?\.?(?: No\.?)? ?((?:19|20)\d{2}-\d{4,6})\b")
_HEADING = re.compile(r"^(?:SUMMARY|DATES|AGENCY|ACTION|Effective date):\s*", re.IGNORECASE)


def read_full_text(answer: Answer, *, needs_lead: bool, corrects: bool) -> dict[str, Any]:
    """ECCNs, parts of the Code, RINs, dockets and the `dates` section; a lead where the record has no abstract; what a
    correction says that it is about.

    Raises SourceError `challenge` for a page that keeps robots out, `no_full_text` for anything else that is none.
    """
    marked = answer.text()[:LONGEST_READ]
    refuse_challenge(answer)
    start = marked[:2000].lower()
    if "<html" in start and "<pre" not in start:
        refuse_challenge(answer, marked)
        raise SourceError("no_full_text", "a page for people came instead of the document's text")
    text = _plain(marked)
    found: dict[str, Any] = {
        "eccns": eccns(text),
        "cfr_references": _parts(marked, text),
        "regulation_id_numbers": _each(_RIN, text),
        "docket_ids": _each(_DOCKET, text),
        "dates": _section(marked, "EFFDATE", "DATES")[:LONGEST_DATES],
    }
    if corrects:
        found["continues"] = [f"fr:{number}" for number in _each(_ABOUT, text)]
    if needs_lead:
        found["lead"] = summary_of(_section(marked, "SUM") or _first_paragraphs(marked), markup=False)
    return {name: value for name, value in found.items() if value}


def _plain(marked: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", marked)).split())


def _each(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(match[1] for match in pattern.finditer(text)))[:_MOST_NAMED]


def _parts(marked: str, text: str) -> list[str]:
    """The parts that the text amends first, then those that its heading names: `15 CFR 744`."""
    amended = [(match[1], match[2]) for match in _AMENDED.finditer(marked)]
    named = [
        (match[1], part) for match in _PARTS.finditer(text, 0, 20_000) for part in re.findall(r"\d{1,4}", match[2])
    ]
    return list(dict.fromkeys(f"{title} CFR {part}" for title, part in [*amended, *named]))[:_MOST_NAMED]


def _section(marked: str, *names: str) -> str:
    """The text of the first of these elements, without its heading."""
    for name in names:
        start = marked.find(f"<{name}>")
        end = marked.find(f"</{name}>", start)
        if 0 <= start < end:
            return _HEADING.sub("", _plain(marked[start:end]))
    return ""


def _first_paragraphs(marked: str) -> str:
    """The first paragraphs of a text without a summary, as those that a president signs."""
    found: list[str] = []
    place = 0
    while len(found) < 6 and (start := marked.find("<P>", place)) >= 0:
        place = marked.find("</P>", start)
        if place < 0:
            break
        if paragraph := tidy(_plain(marked[start:place])):
            found.append(paragraph)
    return "\n".join(found)
