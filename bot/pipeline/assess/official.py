"""What a change of a list or of a legal text is about: decided from its rows or its redline, not from its title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.knowledge.vocabulary import vocabulary
from bot.model import Assessment, Change, Direction, Kind, Reason, Severity, Stage, Trust
from bot.pipeline.assess.judge import judge
from bot.pipeline.assess.severity import severity_of

BUREAU_LISTS = frozenset(("EL", "MEU", "UVL", "DPL"))
"""The lists of the Bureau of Industry and Security, whose entries the EAR attach duties to (15 CFR 744, 764)."""

CHIP_SECTIONS = frozenset(
    ("734.9", "740.25", "740.27", "742.6", "744.23", "748.15", "Supplement No. 1 to Part 774",
     "Supplement No. 3 to Part 732", "Supplement No. 5 to Part 740")
)  # fmt: skip
"""Sections of the EAR that carry the advanced computing controls (88 FR 73458, 89 FR 96790, 90 FR 4544): a substantive
change of one matters, whatever its words. The Commerce Control List is too long for that: its words decide."""
_WORDS_DECIDE = frozenset(("Supplement No. 1 to Part 774",))

_CHIP_TEXT = re.compile(
    r"\b[345][ADE]090\b|\b4A090\b|advanced[- ]computing|supercomputer|advanced[- ]node|total processing performance|"
    r"performance density|integrated circuits?|high[- ]bandwidth memory|semiconductor",
    re.IGNORECASE,
)
COUNTRY_GROUPS = "Supplement No. 1 to Part 740"
_COLUMN = re.compile(r"\[[A-E](?::\d)?\]")
_GROUP = re.compile(r"\[(?:D:[145]|A:[56])\]")
"""The groups by which the advanced computing controls tell countries apart (15 CFR 742.6(a)(6), 740.25): the table of
groups matters where a cell of one of these changed, whatever its words, which are an X."""
_TEXT_LIMIT = 20_000
_MOST_PLACES = 8


def assess_change(change: Change, source_trust: Trust, source_name: str) -> Assessment:
    """Assess a change that carries rows or a redline. Never raises for what it holds."""
    rows, text = change.detail.get("rows"), change.detail.get("redline")
    if isinstance(rows, Mapping):
        return _of_rows(rows, source_trust)
    if isinstance(text, Mapping):
        return _of_redline(change, text, source_trust, source_name)
    document = change.document
    return judge(document.title, document.summary, source_name, document.url, document.published, source_trust)


def _of_rows(record: Mapping[str, Any], trust: Trust) -> Assessment:
    """A list's change is relevant when a party on it concerns AI chips. An entry binds from its day: it is law."""
    rows: Sequence[Mapping[str, Any]] = record["rows"]
    telling = [row for row in rows if row["chips"] is not None]
    companies = dict.fromkeys(
        str(row["chips"]).partition(":")[2] for row in telling if str(row["chips"]).startswith("company:")
    )
    places = dict.fromkeys(code for row in telling for code in row.get("countries", ()) if len(code) == 2)
    added, removed = record["added"], record["removed"]
    direction = Direction.RESTRICTS if added > removed else Direction.RELAXES if removed > added else Direction.NONE
    ours = record["list"] in BUREAU_LISTS
    weighs = severity_of(Kind.ENTITY_LIST, Stage.IN_FORCE, trust, (), tuple(places))
    severity = weighs if telling and ours and (added or removed) else Severity.NORMAL if ours else Severity.LOW
    return Assessment(
        relevant=bool(telling),
        score=1.0 if telling else 0.0,
        companies=tuple(companies),
        origin=("US",),
        destinations=tuple(places)[:_MOST_PLACES],
        kind=Kind.ENTITY_LIST,
        direction=direction,
        trust=trust,
        severity=severity,
        stage=Stage.IN_FORCE,
        reasons=tuple(Reason("relevant", f"list_{row['chips']}", str(row["name"])) for row in telling[:12]),
    )


def _of_redline(change: Change, record: Mapping[str, Any], trust: Trust, source_name: str) -> Assessment:
    """A section's change is judged by its words that changed. What the publisher calls editorial is low."""
    document = change.document
    words = "\n".join(_touched(hunk) for hunk in record.get("hunks", ()))[:_TEXT_LIMIT]
    judged = judge(document.title, words, source_name, document.url, document.published, trust, "Rule")
    section = document.key
    found = _CHIP_TEXT.search(words)
    moved = _regrouped(record) if section == COUNTRY_GROUPS else ()
    by_place = bool(moved) or (section in CHIP_SECTIONS and section not in _WORDS_DECIDE)
    if moved:
        judged = replace(judged, destinations=moved)
    substantive = bool(change.detail.get("substantive", True)) and bool(record.get("hunks"))
    relevant = bool(found) or by_place
    severity = severity_of(Kind.RULE, Stage.IN_FORCE, trust, judged.chips, judged.destinations)
    reasons = [Reason("relevant", "changed_words", found[0])] if found else []
    reasons += [Reason("relevant", "chip_section", section)] if by_place else []
    return replace(
        judged,
        relevant=relevant,
        score=1.0 if relevant else judged.score,
        origin=("US",),
        kind=Kind.RULE,
        direction=Direction.NONE,  # a higher threshold eases, a new country tightens: words alone do not tell
        trust=trust,
        stage=Stage.IN_FORCE,
        severity=severity if relevant and substantive else Severity.LOW,
        reasons=(*reasons, *judged.reasons),
    )


def _regrouped(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The countries, by ISO code, whose cell of a group that matters changed: a row is named by its country."""
    words = vocabulary()
    codes: dict[str, None] = {}
    for hunk in record.get("hunks", ()):
        where = str(hunk.get("where") or "")
        columns = where if _COLUMN.search(where) else _touched(hunk)  # a row that comes or goes whole names none
        if _GROUP.search(columns):
            named = words.find(words.folding.fold(f"{where} {_touched(hunk)}"[:_TEXT_LIMIT]))
            codes |= dict.fromkeys(m.concept.partition(".")[2] for m in named if m.concept.startswith("places."))
    return tuple(code for code in codes if len(code) == 2)[:_MOST_PLACES]


def _touched(hunk: Mapping[str, Any]) -> str:
    """The paragraph as it is, or was where it went."""
    return str(hunk.get("new") or hunk.get("old") or "")
