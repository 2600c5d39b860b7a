"""From evidence to the features that the weights speak of: concepts by place, and what only their company tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.vocabulary import Match
from bot.pipeline.assess.evidence import Evidence, terms

_CN_BODIES = frozenset(f"agencies.{body}" for body in ("cac", "samr", "ndrc", "gacc", "cn_regulators"))
_US_BODIES = frozenset(
    f"agencies.{body}" for body in ("bis", "commerce", "white_house", "congress", "doj", "us_official")
)
_NO_THIRD_STATE = frozenset((None, "company", "US", "CN", "HK", "MO"))
"""Who acts in a title when no state does but the two that most texts are about."""
_TRANSIT = frozenset(f"places.{code}" for code in ("SG", "MY", "TH", "TW", "HK", "AE", "ID", "CN", "VN", "IN"))
_MAKERS = frozenset(("companies.Nvidia", "companies.AMD"))
_TOOLMAKERS = frozenset(
    f"companies.{name}"
    for name in ("ASML", "Tokyo Electron", "Applied Materials", "Lam Research", "KLA", "Synopsys", "Cadence")
)
_ADDRESSED = _MAKERS | {
    f"companies.{name}"
    for name in ("Intel", "Synopsys", "Cadence", "Siemens", "Applied Materials", "Lam Research", "KLA", "Hua Hong")
}
_TARGETED = frozenset(
    f"companies.{name}"
    for name in ("Huawei", "SMIC", "Hua Hong", "CXMT", "YMTC", "Inspur", "Cambricon", "Biren", "Sophgo")
)
_CHINA = frozenset(("places.CN", "companies.Huawei", "companies.SMIC"))
_CHIP_WORDS = terms("ai_chip", "semi", "equipment")
_STANDS_FOR_GOODS = _TARGETED | _CHIP_WORDS | terms("diffusion", "server", "ai", "loophole")
_PERMITS = terms("allow", "resume", "issue_licence", "assured", "relax")
_PERMIT_OR_FORBID = _PERMITS | terms("ban", "restrict", "licence", "notice", "rescind")
_CONTROL = terms("export_control", "require_licence", "entity_list", "diffusion", "freed", "withheld")
_FORBIDS = terms("ban", "restrict", "require_licence", "notice")
_TRADE = terms("export", "sell", "import")
_LICENSING = terms("licence", "issue_licence", "require_licence", "rescind")
_CASE = terms("guidance", "loophole", "smuggle", "probe", "charge")
_ANYWHERE = terms(
    "unnamed", "reportedly", "claimed", "confirm", "media", "export_control", "konjunktiv", "case_by_case"
)
_ACTS_ON_TRADE = terms(
    "ban", "summon", "antitrust", "allow", "import", "relax", "restrict", "probe", "notice", "backdoor"
)
_RESTRAINTS = terms("ban", "restrict")
_DEMANDS = terms("ban", "restrict", "require_licence")
_RESTRAINTS_OR_CONTROL = terms("ban", "restrict", "export_control")
_SUMMONS = terms("antitrust", "summon")
_PLANS = terms("consider", "business", "server", "controlled")
_TURNS = terms("revenue_share", "rescind")
_RESUMES = terms("resume", "allow")
_ADVICE_OR_RESUMES = terms("guidance", "loophole", "allow", "resume")
_ACTS_OR_CONTROL = _PERMIT_OR_FORBID | terms("export_control", "require_licence")
_WARNS = terms("guidance", "urge")
_URGES_OR_AMERICA = _US_BODIES | terms("urge") | {"places.US"}
_RULES = terms("rule", "diffusion")
_LICENCES = terms("licence", "veu")
_CHARGES = frozenset(("terms.charge", "agencies.doj"))
_MAKERS_AND_THEIRS = _MAKERS | {"people.Nvidia", "people.AMD"}
_GOODS = _CHIP_WORDS | _TOOLMAKERS | _MAKERS_AND_THEIRS
_CHIP_WORDS_OR_MAKERS = _CHIP_WORDS | _MAKERS
_LICENCE_AND_EXPORT = terms("licence", "export")
_SPEAKERS = ("people.", "agencies.", "companies.", "terms.speaker")
_SPEAKS = re.compile(
    r"^(?:公司|集团)?[^,.;:!?，。；：！？]{0,14}"
    r"(?::|：|\b(?:says?|said|tells|warns|urges|calls|sagt|fordert|warnt)\b|称|表示|说|呼吁|回应|撰文|直言|敦促|警告)"
)
_SPEAKER_WITHIN = 24


@dataclass(slots=True)
class _Sight:
    """The concepts of the title, of title and first sentence, and of the whole text; what is denied is in none."""

    title: frozenset[str]
    near: frozenset[str]
    everywhere: frozenset[str]
    subject: str | None
    chip: bool
    goods: bool = False
    control: bool = False


def derive(evidence: Evidence) -> None:
    """Add the features that join several concepts. Their names start with `+`; `A.` means anywhere in the text."""
    features = evidence.features
    title, near, everywhere = evidence.title, evidence.near, evidence.everywhere
    for name in _ANYWHERE & everywhere:
        features["A." + name] = features.get("T." + name) or features.get("L." + name) or features.get("M." + name)
    sight = _Sight(title, near, everywhere, evidence.subject, bool(evidence.named("chips")))
    sight.goods = sight.chip or bool(near & _GOODS)
    evidence.of_trade = bool(near & _GOODS or everywhere & _STANDS_FOR_GOODS or evidence.named("named"))
    sight.control = bool(near & _CONTROL) or near >= _LICENCE_AND_EXPORT
    for judge in _JUDGES:
        judge(sight, features)
    _of_text(evidence, sight, features)


_FORMS = {
    "rule": "rule",
    "final rule": "rule",
    "interim final rule": "rule",
    "proposed rule": "proposed_rule",
    "notice": "notice",
    **dict.fromkeys(("8-k", "8-k/a", "10-q", "10-k", "6-k", "20-f"), "filing"),
}


def add_form(evidence: Evidence, form: str) -> None:
    """Add what the publisher itself calls the document, where that says something about its kind."""
    known = _FORMS.get(form.strip().casefold()[:40])
    if known:
        evidence.features.setdefault(f"+form.{known}", None)


def acting_state(evidence: Evidence) -> str | None:
    """The state other than the United States whose own act the title tells: it stands first, something is permitted or
    forbidden, nobody is urged, and the United States, who might have done it, are not named."""
    state, title = evidence.subject, evidence.title
    if state in (None, "company", "US") or not title & _ACTS_OR_CONTROL:
        return None
    if f"places.{state}" not in title and not (state == "CN" and title & _CN_BODIES):
        return None  # it stands first in the lead only
    return None if title & _URGES_OR_AMERICA else state


def tells_america(evidence: Evidence) -> bool:
    """Whether another state warns or urges the United States in the title ("China warns US"): that is no act."""
    if evidence.subject in (None, "company", "US") or not evidence.title & _WARNS:
        return False
    said = [match.end for match in evidence.matches if match.concept in _WARNS]
    asked = [match.start for match in evidence.named("places") if match.concept == "places.US"]
    return any(0 <= start - end <= 1 and start < evidence.border for end in said for start in asked)


Found = dict[str, Match | None]
"""The features of a text, to which each of these judges adds."""


def _of_goods(sight: _Sight, found: Found) -> None:
    """Is it about chips, or what makes them?"""
    title = sight.title
    found["+base"] = None
    if sight.chip:
        found["+chip"] = None
    if sight.chip or sight.near & _CHIP_WORDS:
        found["+chip_word"] = None
    if sight.chip or title & _CHIP_WORDS:
        found["+chip_word_title"] = None
    if sight.goods:
        found["+goods"] = None
    if sight.chip or title & _CHIP_WORDS_OR_MAKERS:
        found["+goods_title"] = None


def _of_trade(sight: _Sight, found: Found) -> None:
    """Is it about their trade, and about permitting or forbidding it?"""
    title, near = sight.title, sight.near
    act = near & _PERMIT_OR_FORBID
    china = near & _CHINA
    if sight.control:
        found["+control"] = None
    if title & _CONTROL:
        found["+control_title"] = None
    if sight.control and sight.goods:
        found["+control_on_goods"] = None
    if near & _TRADE and act:
        found["+trade_act"] = None
    if near & _TRADE and act and china and sight.goods:
        found["+goods_to_china_act"] = None
    if china and sight.goods and title & _PERMIT_OR_FORBID and title & _CHIP_WORDS_OR_MAKERS:
        found["+goods_to_china_act_title"] = None
    eases, tightens = title & _PERMITS, title & _DEMANDS
    if eases and not tightens and "terms.rescind" not in title:
        found["+only_eases"] = None
    if tightens and not eases:
        found["+only_tightens"] = None
    if "terms.revenue_share" in title:
        found["+revenue_title"] = None


def _of_crime(sight: _Sight, found: Found) -> None:
    """Smuggling told as a case, or as a market."""
    near = sight.near
    smuggled = "terms.smuggle" in near
    charged = bool(near & _CHARGES)
    case = charged or "terms.probe" in near
    servers = "terms.server" in near
    if smuggled and (sight.goods or servers or "terms.ai" in near):
        found["+smuggled_goods"] = None
    if smuggled and charged:
        found["+charged_smuggler"] = None
    if sight.goods and not smuggled and "terms.smuggle" in sight.everywhere:
        found["+smuggled_further_on"] = None
    if smuggled and not case:
        found["+smuggled_uncharged"] = None
    if servers and sight.goods and (case or smuggled):
        found["+server_case"] = None
    if servers and case and near & _TRANSIT:
        found["+server_case_abroad"] = None


def _of_china(sight: _Sight, found: Found) -> None:
    """Does China act, through a public body or as the subject, or does it only plan and build?"""
    title, near = sight.title, sight.near
    acts = title & _ACTS_ON_TRADE
    theirs = sight.subject == "CN" or bool(title & _CN_BODIES)
    if theirs and acts:
        found["+cn_acts_title"] = None
    if not (theirs and acts) and near & _CN_BODIES and near & _ACTS_ON_TRADE:
        found["+cn_acts_lead"] = None
    if (theirs or near & _CN_BODIES) and near & _ACTS_ON_TRADE and sight.goods:
        found["+cn_acts_on_goods"] = None
    if title & _MAKERS and near & _SUMMONS:
        found["+maker_summoned"] = None
    if near & _CN_BODIES:
        found["+cn_body"] = None
    if sight.subject == "CN" and title & _PLANS:
        found["+cn_plans"] = None


def _of_america(sight: _Sight, found: Found) -> None:
    """Do the United States permit or forbid, and whom?"""
    title, near, subject = sight.title, sight.near, sight.subject
    named = "places.US" in title
    american = subject == "US" or named or bool(title & _US_BODIES)
    theirs = subject == "CN" or bool(title & _CN_BODIES)
    other_act = title & _TURNS
    makers = title & _MAKERS
    if american and not theirs and title & _ADDRESSED and title & _FORBIDS and not title & _CASE:
        found["+us_bars_firm"] = None
    if named and sight.goods and title & _RESTRAINTS_OR_CONTROL:
        found["+us_forbids_goods"] = None
    if (
        (american or near & _US_BODIES or "places.US" in near)
        and title & _PERMITS
        and (sight.goods and not other_act and not theirs)
    ):
        found["+us_permits"] = None
    if makers and title & _RESUMES and not other_act and subject != "CN":
        found["+firm_resumes"] = None
    if makers and "terms.require_licence" in near and not title & _ADVICE_OR_RESUMES:
        found["+licence_demanded"] = None
    state = subject not in ("company", "CN", None)
    if state and sight.control and title & _TARGETED and not sight.chip:
        found["+firms_targeted"] = None
    elsewhere = subject not in _NO_THIRD_STATE and title & _ACTS_OR_CONTROL
    if elsewhere:
        found["+other_state_acts"] = None
    if elsewhere and near & _TRADE and sight.goods:
        found["+other_state_acts_on_goods"] = None


def _of_withdrawal(sight: _Sight, found: Found) -> None:
    """A licence taken back restricts, a rule taken back relaxes."""
    title, near = sight.title, sight.near
    rescinds = "terms.rescind" in near
    of_rule = near & _RULES or title & _RESTRAINTS_OR_CONTROL
    of_licence = near & _LICENCES and not of_rule
    if rescinds and of_licence:
        found["+rescinds_licence"] = None
    if rescinds and not of_licence and (of_rule or near & _RESTRAINTS):
        found["+rescinds_control"] = None


def _of_telling(sight: _Sight, found: Found) -> None:
    """How sure does the teller sound?"""
    title = sight.title
    if "terms.backdoor" in title and sight.near & _MAKERS_AND_THEIRS:
        found["+backdoor_of_maker"] = None
    if "terms.unnamed" in sight.everywhere and "terms.confirm" not in sight.near:
        found["+unnamed_unconfirmed"] = None
    if "terms.claimed" in title:
        found["+claimed_title"] = None
    if "terms.consider" in title and "terms.issue_licence" not in title:
        found["+plan_title"] = None


_JUDGES = (_of_goods, _of_trade, _of_crime, _of_china, _of_america, _of_withdrawal, _of_telling)


def _of_text(evidence: Evidence, sight: _Sight, found: Found) -> None:
    """What the form of the title says, and whether it speaks of another matter."""
    subject = sight.subject
    ending = evidence.folded.text[: evidence.border].rstrip()[-3:]
    off_title = any(match.start < evidence.border for match in evidence.named("off"))
    if subject:
        found["+by." + (subject if subject in ("US", "CN", "company") else "other")] = None
    told = sight.goods and bool(sight.title & _LICENSING)  # then other matters are what it is for
    if evidence.named("off") and not told:
        found["+off"] = None
    if off_title and not told:
        found["+off_title"] = None
    if off_title and not sight.control and not sight.chip:
        found["+off_title_only"] = None
    if "?" in ending:
        found["+question"] = None
    if _speaks(evidence):
        found["+speaks"] = None


def _speaks(evidence: Evidence) -> bool:
    """Whether the title opens with somebody who speaks: a name, then a colon or a verb of saying."""
    text = evidence.folded.text[: evidence.border]
    for match in evidence.matches:
        if match.start > _SPEAKER_WITHIN or match.start >= evidence.border:
            break
        if match.concept.startswith(_SPEAKERS) and _SPEAKS.match(text[match.end :]):
            return True
    return False
