"""From evidence to the features that the weights speak of: concepts by place, and what only their company tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pipeline.assess.evidence import Evidence, terms

_CN_BODIES = frozenset(f"agencies.{body}" for body in ("cac", "samr", "ndrc", "gacc", "cn_regulators"))
_US_BODIES = frozenset(
    f"agencies.{body}" for body in ("bis", "commerce", "white_house", "congress", "doj", "us_official")
)
_OTHER_STATES = frozenset(("NL", "JP", "KR", "MY", "SG", "TW", "DE", "GB", "EU", "TH", "VN", "IN", "AE"))
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
_CONTROL = terms("export_control", "require_licence", "entity_list", "diffusion")
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
    placed: dict[str, list[str]] = {"T.": [], "L.": [], "M.": [], "B.": [], "N.": []}
    for name in features:
        placed[name[:2]].append(name[2:])
    title = frozenset(placed["T."])
    near = title.union(placed["L."])
    everywhere = near.union(placed["M."])
    evidence.everywhere = everywhere
    for name in _ANYWHERE & everywhere:
        features["A." + name] = features.get("T." + name) or features.get("L." + name) or features.get("M." + name)
    sight = _Sight(title, near, everywhere, evidence.subject, bool(evidence.named("chips")))
    sight.goods = sight.chip or bool(near & (_CHIP_WORDS | _MAKERS | _TOOLMAKERS | {"people.Nvidia", "people.AMD"}))
    evidence.of_trade = sight.goods or bool(everywhere & _STANDS_FOR_GOODS or evidence.named("named"))
    sight.control = bool(near & _CONTROL) or {"terms.licence", "terms.export"} <= near
    for judge in (_of_goods, _of_trade, _of_crime, _of_china, _of_america, _of_withdrawal, _of_telling):
        for name, given in judge(sight):
            if given:
                features.setdefault("+" + name, None)
    for name, given in _of_text(evidence, sight):
        if given:
            features.setdefault("+" + name, None)


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


Told = Iterator[tuple[str, object]]
"""Names of features, each with whether it is given."""


def _of_goods(sight: _Sight) -> Told:
    """Is it about chips, or what makes them?"""
    title = sight.title
    yield "base", True
    yield "chip", sight.chip
    yield "chip_word", sight.chip or sight.near & _CHIP_WORDS
    yield "chip_word_title", sight.chip or title & _CHIP_WORDS
    yield "goods", sight.goods
    yield "goods_title", sight.chip or title & (_CHIP_WORDS | _MAKERS)


def _of_trade(sight: _Sight) -> Told:
    """Is it about their trade, and about permitting or forbidding it?"""
    title, near = sight.title, sight.near
    act = near & _PERMIT_OR_FORBID
    china = near & _CHINA
    yield "control", sight.control
    yield "control_title", title & _CONTROL
    yield "control_on_goods", sight.control and sight.goods
    yield "trade_act", near & _TRADE and act
    yield "goods_to_china_act", near & _TRADE and act and china and sight.goods
    yield (
        "goods_to_china_act_title",
        china and sight.goods and title & _PERMIT_OR_FORBID and title & (_CHIP_WORDS | _MAKERS),
    )
    eases, tightens = title & _PERMITS, title & terms("ban", "restrict", "require_licence")
    yield "only_eases", eases and not tightens and "terms.rescind" not in title
    yield "only_tightens", tightens and not eases
    yield "revenue_title", "terms.revenue_share" in title


def _of_crime(sight: _Sight) -> Told:
    """Smuggling told as a case, or as a market."""
    near = sight.near
    smuggled = "terms.smuggle" in near
    charged = bool(near & {"terms.charge", "agencies.doj"})
    case = charged or "terms.probe" in near
    servers = "terms.server" in near
    yield "smuggled_goods", smuggled and (sight.goods or servers or "terms.ai" in near)
    yield "charged_smuggler", smuggled and charged
    yield "smuggled_further_on", sight.goods and not smuggled and "terms.smuggle" in sight.everywhere
    yield "smuggled_uncharged", smuggled and not case
    yield "server_case", servers and sight.goods and (case or smuggled)
    yield "server_case_abroad", servers and case and near & _TRANSIT


def _of_china(sight: _Sight) -> Told:
    """Does China act, through a public body or as the subject, or does it only plan and build?"""
    title, near = sight.title, sight.near
    acts = title & _ACTS_ON_TRADE
    theirs = sight.subject == "CN" or bool(title & _CN_BODIES)
    yield "cn_acts_title", theirs and acts
    yield "cn_acts_lead", not (theirs and acts) and near & _CN_BODIES and near & _ACTS_ON_TRADE
    yield "cn_acts_on_goods", (theirs or near & _CN_BODIES) and near & _ACTS_ON_TRADE and sight.goods
    yield "maker_summoned", title & _MAKERS and near & terms("antitrust", "summon")
    yield "cn_body", near & _CN_BODIES
    yield "cn_plans", sight.subject == "CN" and title & terms("consider", "business", "server", "controlled")


def _of_america(sight: _Sight) -> Told:
    """Do the United States permit or forbid, and whom?"""
    title, near, subject = sight.title, sight.near, sight.subject
    named = "places.US" in title
    american = subject == "US" or named or bool(title & _US_BODIES)
    theirs = subject == "CN" or bool(title & _CN_BODIES)
    other_act = title & terms("revenue_share", "rescind")
    makers = title & _MAKERS
    yield (
        "us_bars_firm",
        american and not theirs and title & _ADDRESSED and title & _FORBIDS and not title & _CASE,
    )
    yield "us_forbids_goods", named and sight.goods and title & terms("ban", "restrict", "export_control")
    yield (
        "us_permits",
        (american or near & _US_BODIES or "places.US" in near)
        and title & _PERMITS
        and (sight.goods and not other_act and not theirs),
    )
    yield "firm_resumes", makers and title & terms("resume", "allow") and not other_act and subject != "CN"
    yield (
        "licence_demanded",
        makers and "terms.require_licence" in near and not title & terms("guidance", "loophole", "allow", "resume"),
    )
    state = subject not in ("company", "CN", None)
    yield "firms_targeted", state and sight.control and title & _TARGETED and not sight.chip
    elsewhere = subject in _OTHER_STATES and title & (_PERMIT_OR_FORBID | terms("export_control", "require_licence"))
    yield "other_state_acts", elsewhere
    yield "other_state_acts_on_goods", elsewhere and near & _TRADE and sight.goods


def _of_withdrawal(sight: _Sight) -> Told:
    """A licence taken back restricts, a rule taken back relaxes."""
    title, near = sight.title, sight.near
    rescinds = "terms.rescind" in near
    of_rule = near & terms("rule", "diffusion") or title & terms("ban", "restrict", "export_control")
    of_licence = near & terms("licence", "veu") and not of_rule
    yield "rescinds_licence", rescinds and of_licence
    yield "rescinds_control", rescinds and not of_licence and (of_rule or near & terms("ban", "restrict"))


def _of_telling(sight: _Sight) -> Told:
    """How sure does the teller sound?"""
    title = sight.title
    yield "backdoor_of_maker", "terms.backdoor" in title and sight.near & (_MAKERS | {"people.Nvidia", "people.AMD"})
    yield "unnamed_unconfirmed", "terms.unnamed" in sight.everywhere and "terms.confirm" not in sight.near
    yield "claimed_title", "terms.claimed" in title
    yield "plan_title", "terms.consider" in title and "terms.issue_licence" not in title


def _of_text(evidence: Evidence, sight: _Sight) -> Told:
    """What the form of the title says, and whether it speaks of another matter."""
    subject = sight.subject
    ending = evidence.folded.text[: evidence.border].rstrip()[-3:]
    off_title = any(match.start < evidence.border for match in evidence.named("off"))
    yield "by." + (subject if subject in ("US", "CN", "company") else "other"), subject
    told = sight.goods and bool(sight.title & _LICENSING)  # then other matters are what it is for
    yield "off", evidence.named("off") and not told
    yield "off_title", off_title and not told
    yield "off_title_only", off_title and not sight.control and not sight.chip
    yield "question", "?" in ending
    yield "speaks", _speaks(evidence)


def _speaks(evidence: Evidence) -> bool:
    """Whether the title opens with somebody who speaks: a name, then a colon or a verb of saying."""
    text = evidence.folded.text[: evidence.border]
    for match in evidence.matches:
        if match.start > _SPEAKER_WITHIN or match.start >= evidence.border:
            break
        if match.concept.startswith(_SPEAKERS) and _SPEAKS.match(text[match.end :]):
            return True
    return False
