"""Whether an act is only planned: whether words of a plan govern it.

A plan elsewhere in the text makes no plan of the act: "US bars Nvidia from selling H20, may bar more" tells a ban, and
"Nvidia may lose billions on the H20 licence requirement" one that is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.folding import CJK_FROM
from bot.knowledge.vocabulary import Match
from bot.model import Kind
from bot.pipeline.assess.evidence import Evidence, terms

_ACTS = terms(
    "require_licence", "licence", "entity_list", "add_list", "remove_list", "guidance", "rule", "export_control", "ban",
    "restrict", "relax", "allow", "rescind", "letter", "notice", "issue_licence", "tariff", "diffusion",
)  # fmt: skip
_LISTS = frozenset(("terms.entity_list", "terms.add_list", "terms.remove_list"))
_OWN_ACTS = {
    Kind.ENTITY_LIST: _LISTS,
    Kind.GUIDANCE: terms("guidance"),
    Kind.LICENCE_REQUIREMENT: terms("require_licence", "licence", "letter", "notice", "ban", "restrict"),
}
"""Which of the acts in a text a kind is about: "urges a ban after US adds Inspur to Entity List"."""
_BINDS_WHEN_PUBLISHED = (Kind.ENTITY_LIST, Kind.GUIDANCE)
"""A licence is demanded by letter, and binds when given, however the press tells it."""
_FIRMS = ("companies.", "people.")
_NAMES = (*_FIRMS, "agencies.", "places.")
_REACH = 110

_PLANS = re.compile(
    r"\b(?:intent|intention|intends?|intending|propos(?:e|es|ed|ing|als?)|mooted|floats?|floated|threatens?|threatening|"
    r"likely|nears?|nearing|close to|would|requests? for (?:public )?comments?(?: on)?|"
    r"(?:seeks?|asks? for|invites?) (?:public )?comments?(?: on)?|(?:advance )?notice of (?:inquiry|proposed)|"
    r"könnten?|dürften?|möchten?|beabsichtig\w*|absicht\w*|geplant\w*|vorgeschlagen\w*|schlägt|schlagen|droht|drohen|"
    r"in erwägung|soll|sollen|sollten?)\b"
    r"|或(?=将|会|需|要求|被|对|限制|禁止|列入|增列|新增|发布)|有意|意向|提案|威胁"
)
"""What is a plan besides `consider` in the vocabulary; as there, each language's words are looked for in all texts."""
_NOT_DONE = re.compile(
    r"\b(?:delay(?:s|ed|ing)?|postpon(?:e|es|ed|ing)|shelves|shelved|puts? off|holds? off|yet to|declin(?:e|es|ed) to|"
    r"refus(?:e|es|ed) to|stops? short of|verschieb(?:t|en)|lehnt|lehnen)\b|推迟|暂缓|延后|尚未"
)
"""Of an entry, a licence duty or guidance: that it has not come. Of a rule it may be the act: its day is put off."""
_DEMANDS = re.compile(
    r"\b(?:urg(?:e|es|ed|ing)|call(?:s|ed)? (?:on|for)|press(?:es|ed)|push(?:es|ed)? (?:for|to)|recommends?|"
    r"dräng(?:t|en)|fordern?|fordert)\b|敦促|呼吁|促请"
)
"""Who demands an entry or a licence duty is not who decides on it; of guidance these may be the words."""
_BESIDES = {
    Kind.ENTITY_LIST: (_NOT_DONE, _DEMANDS),
    Kind.LICENCE_REQUIREMENT: (_NOT_DONE, _DEMANDS),
    Kind.GUIDANCE: (_NOT_DONE,),
}
_STANDS_BEHIND = re.compile(
    r"\b(?:(?:expected|likely)(?! to)|planned|proposed|mooted|looms?|looming|in the works|"
    r"being (?:considered|weighed|mulled)|under (?:consideration|discussion)|on the table|postponed|delayed|shelved|"
    r"geplant|erwogen|im gespräch|vorgeschlagen|verschoben|in vorbereitung|"
    r"(?:gesetzt|aufgenommen|eingeführt|verlangt|gestrichen) werden (?:soll|sollen|könnten?|dürften?)|"
    r"(?:soll|sollen|könnten?|dürften?) (?:kommen|folgen))\b"
    r"|考虑中|酝酿中|讨论中|或将|在即|有望|検討|計画|方針|검토|계획"
)
"""A plan that follows what is planned: "licence duty for H20 expected", "Genehmigungspflicht geplant"."""
_ONCE_PLANNED = re.compile(r"(?:planned|proposed|geplant\w*|vorgeschlagen\w*|拟议)$")
"""Words that tell of a plan also once it has come: "the planned licence duty takes effect"."""
_TO_COME = re.compile(
    r"\b(?:to|will) (?:soon |also |now |formally )?(?:be )?"
    r"(?:add|put|place|list|blacklist|remove|delist|issue|publish|release|unveil|announce)(?:e?d)?\b"
)
"""How headlines tell what is decided and not done yet: "US to add CXMT to Entity List"."""
_BREAKS = re.compile(
    r"[;:!?。]|\.\s| - |\b(?:after|as|because|due to|despite|amid|over|under|from|with|about|since|while|when|"
    r"following|until|before|to (?:meet|comply|avoid|bypass|circumvent|get around|dodge|skirt)|around|that|which|who|"
    r"whose|says?|said|nach (?:der|dem|einer|einem|neuer)|weil|wegen|trotz|über|unter|durch|ohne|aufgrund|seit|dass|"
    r"obwohl|um|angesichts)\b"
    r"|因|由于|之后|以应对|应对|规避|绕过|导致|关于"
)
"""What ends the reach of a plan."""
_OPENING = re.compile(r"\s*(?:\w+ )?(?:after|following|despite|amid|nach|trotz)\b[^,:]{0,80},")
"""What only leads up to what is told: "After the H20 ban, ..."."""
_STOPS = re.compile(r"[,;:!?。]|\.\s| - |\b(?:after|as|because|that|which|says?|said|weil|dass)\b")
"""What parts an act from a plan behind it, or a firm's plan from what happens to the firm."""
_UPON = re.compile(r"\b(?:on|auf)\b")
_UNDERGOES = re.compile(
    r"\b(?:be|face|faces|facing|needs?|lands?|ends? up|joins?|see|require|brauchen|braucht|werden|geraten|landen|"
    r"kommen|gelangen|rücken)\b"
    r"|被|面临|面对|需|须|遭|进入"
)
"""What a firm does to which an act is done."""
_FINITE = re.compile(
    r"(?:adds|puts|places|removes|bans|bars|blocks|halts|restricts|limits|imposes|tightens|requires)\b"
)
_MONTH = re.compile(
    r"(?:(?<![a-z\d])\d{1,2}\.?|\b(?:in|on|of|since|by|until|till|from|early|late|mid|mid-|last|this))\s*$"
)
_DIGIT = re.compile(r"\s*\d")


def planned_in(evidence: Evidence, kind: Kind) -> tuple[str, Match] | None:
    """The rule and the words by which an act of a kind is only planned (`plan`) or told as decided but still to come
    (`to_come`); None where nothing says so."""
    told = evidence.named("terms")
    for start, end in ((0, evidence.border), (evidence.border + 1, evidence.first_stop)):
        acts = [m for m in told if m.concept in _ACTS and start <= m.start and m.end <= end]
        if acts:
            own = _OWN_ACTS.get(kind, _ACTS)
            return _in_place(evidence, kind, [m for m in acts if m.concept in own] or acts, start, end)
    return None


def _in_place(evidence: Evidence, kind: Kind, acts: list[Match], start: int, end: int) -> tuple[str, Match] | None:
    """In the title, or in the first sentence where the title tells no act."""
    text = evidence.folded.text
    opening = _OPENING.match(text, start, end)
    told_from = max(text.find(":", start, end), opening.end() if opening else start)
    first = next((act for act in acts if act.start >= told_from), acts[0])
    ahead = _to_come(evidence, first, start) if kind in _BINDS_WHEN_PUBLISHED else None
    for plan in _plans(evidence, kind, start, end):
        if plan.start >= first.start:
            break
        if (ahead and plan.start == ahead.start) or _has_come(evidence, plan, first, end):
            continue
        if _governs(evidence, plan, first):
            return "plan", plan
    if ahead:
        return "to_come", ahead
    behind = _STANDS_BEHIND.search(text, first.end, end)
    if behind and not _STOPS.search(text, first.end, behind.start()):
        plan = Match(behind.start(), behind.end(), "terms.consider")
        return None if _has_come(evidence, plan, first, end) else ("plan", plan)
    return None


def _has_come(evidence: Evidence, plan: Match, act: Match, end: int) -> bool:
    """Whether what was planned is told to be in force."""
    if not _ONCE_PLANNED.search(evidence.folded.text, plan.start, plan.end):
        return False
    told = evidence.named("terms")
    return any(m.concept == "terms.in_force" and act.end <= m.start and m.end <= end for m in told)


def _to_come(evidence: Evidence, act: Match, start: int) -> Match | None:
    """The words that put an act into the future: "will", or "to" right behind who acts."""
    text = evidence.folded.text
    for ahead in _TO_COME.finditer(text, start, max(act.end, act.start + 12)):
        by = any(ahead.start() - m.end in (1, 2) for m in evidence.matches if m.concept.startswith(_NAMES))
        if by or ahead[0].startswith("will"):
            return Match(ahead.start(), ahead.end(), "terms.consider")
    return None


def _plans(evidence: Evidence, kind: Kind, start: int, end: int) -> Iterator[Match]:
    text = evidence.folded.text
    found = [m for m in evidence.named("terms") if m.concept == "terms.consider" and start <= m.start and m.end <= end]
    for pattern in (_PLANS, *_BESIDES.get(kind, ())):
        found += [Match(m.start(), m.end(), "terms.consider") for m in pattern.finditer(text, start, end)]
    for plan in sorted(found):
        if text[plan.start : plan.end] != "may" or not _is_month(text, plan):
            yield plan


def _is_month(text: str, may: Match) -> bool:
    return bool(_MONTH.search(text[max(0, may.start - 8) : may.start]) or _DIGIT.match(text, may.end))


def _governs(evidence: Evidence, plan: Match, act: Match) -> bool:
    """Whether a plan is one of the act behind it."""
    text = evidence.folded.text
    between = text[plan.end : act.start]
    if len(between) > _REACH or _BREAKS.search(between):
        return False
    if _UPON.search(between) and act.concept not in _LISTS:
        return False
    if "," in between and (text[act.start] >= CJK_FROM or _FINITE.match(text, act.start)):
        return False
    named = [m for m in evidence.matches if m.end <= plan.start and m.concept.startswith(_NAMES)]
    if named and named[-1].concept.startswith(_FIRMS):
        stop = _STOPS.search(text, act.end)
        return _UNDERGOES.search(text, plan.start, stop.start() if stop else len(text)) is not None
    return True
