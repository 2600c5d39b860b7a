"""How far a permission or prohibition has come: promised is not issued, and a bill is not law."""

from __future__ import annotations

import re

from bot.knowledge.vocabulary import Match
from bot.model import Direction, Kind, Stage
from bot.pipeline.assess.evidence import Evidence
from bot.pipeline.assess.planned import planned_in

_AHEAD = re.compile(
    r"(?:\b(?:will|would|shall|to|(?:going|about|agrees?|agreed|promis\w+|pledg\w+) to)(?: (?:soon|now|also))?"
    r"|\b(?:wird|werden|werde|würde|wollen|will)(?: \w+){0,4}|[将會会])\s*\Z"
)
"""What stands right before a grant that has not come yet."""
_WILL_BEHIND = re.compile(r"\w*\s*(?:wird|werden|werde|würde|will|wollen)\b")
_NO_ACT = frozenset((Kind.ENFORCEMENT, Kind.REPORT, Kind.ANALYSIS, Kind.OTHER, Kind.FILING))


def stage_of(evidence: Evidence, kind: Kind, direction: Direction) -> tuple[Stage | None, str, Match | None]:
    """The stage, the name of the rule that gave it, and the words that decided."""
    if kind in _NO_ACT:
        return None, "no_act", None
    issued = _first(evidence, "issue_licence") or evidence.features.get("M.terms.issue_licence")
    promised = _first(evidence, "assured") or (None if issued else evidence.features.get("M.terms.assured"))
    planned = _first(evidence, "consider")
    if kind is Kind.BILL:
        return Stage.PROPOSED, "bill_is_not_law", _first(evidence, "bill")
    if kind in (Kind.STATEMENT, Kind.RUMOUR):
        if direction is Direction.NONE:
            return None, "no_act", None
        return (Stage.PROMISED, "promise", promised) if promised and not planned else (Stage.PROPOSED, "plan", planned)
    if "+form.proposed_rule" in evidence.features:
        return Stage.PROPOSED, "proposed_rule", None
    if kind is Kind.LICENCE_GRANTED or kind is Kind.TARIFF_OR_REVENUE_SHARE:
        return _permission(evidence, kind, issued, promised, planned)
    plan = planned_in(evidence, kind)
    if plan is not None:
        rule, words = plan
        return Stage.ANNOUNCED if rule == "to_come" else Stage.PROPOSED, rule, words
    force = _first(evidence, "in_force")
    if force:
        return Stage.IN_FORCE, "in_force_words", force
    if kind in (Kind.GUIDANCE, Kind.ENTITY_LIST, Kind.LICENCE_REQUIREMENT):
        return Stage.ISSUED, "binds_when_given", _first(evidence, "require_licence") or _first(evidence, "entity_list")
    if planned and evidence.in_title(planned):
        return Stage.PROPOSED, "plan", planned
    if kind is Kind.FOREIGN_MEASURE:
        return _foreign(evidence, direction, promised)
    formal = _first(evidence, "confirm")
    return Stage.ANNOUNCED, "announced", formal


def _permission(
    evidence: Evidence, kind: Kind, issued: Match | None, promised: Match | None, planned: Match | None
) -> tuple[Stage, str, Match | None]:
    if issued and (ahead := _still_to_come(evidence, issued)):
        return Stage.PROMISED, "promise", ahead
    plan = planned_in(evidence, kind) if issued and not promised else None
    if plan is not None:
        rule, words = plan
        promise = evidence.folded.text[words.start : words.end] == "will"
        return Stage.PROMISED if promise else Stage.PROPOSED, rule, words
    if issued and not (promised and evidence.in_title(promised) and not evidence.in_title(issued)):
        return Stage.ISSUED, "licences_issued", issued
    if promised:
        return Stage.PROMISED, "promise", promised
    if planned and evidence.in_title(planned):
        return Stage.PROPOSED, "plan", planned
    return Stage.ANNOUNCED, "announced", _first(evidence, "allow") or _first(evidence, "relax")


def _still_to_come(evidence: Evidence, issued: Match) -> Match | None:
    """The words by which a grant is one to come: "will grant licences", "to issue licences", "erteilen werde"."""
    text = evidence.folded.text
    before, behind = _AHEAD.search(text, 0, issued.start), _WILL_BEHIND.match(text, issued.end)
    if before:
        return Match(before.start(), issued.end, "terms.assured")
    return Match(issued.start, behind.end(), "terms.assured") if behind else None


def _foreign(evidence: Evidence, direction: Direction, promised: Match | None) -> tuple[Stage, str, Match | None]:
    if direction is Direction.RELAXES:
        allowed = _first(evidence, "allow")
        if promised and not allowed:
            return Stage.PROMISED, "promise", promised
        return Stage.ISSUED, "approved", allowed
    if evidence.has("T.terms.ban", "L.terms.ban"):
        return Stage.IN_FORCE, "ordered", _first(evidence, "ban")
    return Stage.ANNOUNCED, "announced", _first(evidence, "summon") or _first(evidence, "probe")


def _first(evidence: Evidence, term: str) -> Match | None:
    for place in "TL":
        match = evidence.features.get(f"{place}.terms.{term}")
        if match is not None:
            return match
    return None
