"""From evidence to the features that the weights speak of: concepts by place, and what only their company tells."""

from __future__ import annotations

import re

from bot.knowledge.vocabulary import Vocabulary
from bot.pipeline.assess.evidence import Evidence

_CN_BODIES = ("cac", "samr", "ndrc", "gacc", "cn_regulators")
_US_BODIES = frozenset(f"agencies.{body}" for body in ("bis", "commerce", "white_house", "congress", "doj", "us_official"))
_CHIP_WORDS = frozenset(("terms.ai_chip", "terms.semi", "terms.equipment"))
_CHIP_OR_MAKER = _CHIP_WORDS | {"companies.Nvidia", "companies.AMD"}
_PERMITS = frozenset(("terms.allow", "terms.resume", "terms.issue_licence", "terms.assured", "terms.relax"))
_PERMIT_OR_FORBID = _PERMITS | {"terms.ban", "terms.restrict", "terms.licence", "terms.notice", "terms.rescind"}
_TRANSIT = frozenset(f"places.{code}" for code in ("SG", "MY", "TH", "TW", "HK", "AE", "ID", "CN", "VN", "IN"))
_ANYWHERE = frozenset(f"terms.{name}" for name in ("unnamed", "reportedly", "claimed", "confirm", "media", "export_control", "konjunktiv"))
_ACTS_ON_TRADE = frozenset(
    f"terms.{name}" for name in "ban summon antitrust allow import relax restrict probe notice backdoor".split()
)


_SPEAKS = re.compile(r"^(?:公司|集团)?[^,.;:!?，。；：！？]{0,14}(?::|：|\b(?:says?|said|tells|warns|urges|calls|sagt|fordert|warnt)\b|称|表示|说|呼吁|回应|撰文|直言|敦促|警告)")
_MAKERS = frozenset(("Nvidia", "AMD", "Intel", "Synopsys", "Cadence", "Siemens", "Applied Materials", "Lam Research", "KLA"))


def derive(evidence: Evidence, vocabulary: Vocabulary) -> None:
    """Add the features that join several concepts. Their names start with `+`; `A.` means anywhere in the text."""
    features = evidence.features
    sections = {match.concept.partition(".")[0] for match in evidence.matches}
    near = {name[2:] for name in features if name[0] in "TL" and name[1] == "."}
    title = {name[2:] for name in features if name.startswith("T.")}
    everywhere = near | {name[2:] for name in features if name.startswith("M.")}
    for name in _ANYWHERE & everywhere:
        features["A." + name] = features.get("T." + name) or features.get("L." + name) or features.get("M." + name)

    def add(name: str, given: object) -> None:
        if given:
            features.setdefault("+" + name, None)

    add("base", True)
    subject = evidence.subject
    add("by." + (subject if subject in ("US", "CN", "company") else "other"), subject)
    chip = "chips" in sections
    add("chip", chip)
    chip_word = chip or bool(near & _CHIP_WORDS) or "terms.hbm" in near
    add("chip_word", chip_word)
    add("chip_word_title", chip or bool(title & _CHIP_WORDS))
    makers = {name for name in near if name.startswith("companies.")}
    nvidia = bool(near & {"companies.Nvidia", "companies.AMD", "people.Nvidia", "people.AMD"})
    goods = chip_word or nvidia
    add("goods", goods)
    add("goods_title", chip or bool(title & _CHIP_WORDS) or bool(title & {"companies.Nvidia", "companies.AMD"}))
    china = bool(near & {"places.CN", "companies.Huawei", "companies.SMIC"})
    trade = bool(near & {"terms.export", "terms.sell", "terms.import"})
    act = bool(near & _PERMIT_OR_FORBID)
    control = bool(near & {"terms.export_control", "terms.require_licence", "terms.entity_list", "terms.diffusion"})
    control = control or {"terms.licence", "terms.export"} <= near
    add("control", control)
    add("control_title", title & {"terms.export_control", "terms.require_licence", "terms.entity_list", "terms.diffusion"})
    add("control_on_goods", control and goods)
    add("trade_act", trade and act)
    add("goods_to_china_act", trade and act and china and goods)
    add("goods_to_china_act_title", goods and act and china and bool(title & _PERMIT_OR_FORBID) and bool(title & _CHIP_OR_MAKER))
    smuggled = "terms.smuggle" in near
    charged = bool(near & {"terms.charge", "agencies.doj"})
    add("smuggled_goods", smuggled and (goods or "terms.ai" in near or "terms.server" in near))
    add("charged_smuggler", smuggled and charged)
    add("server_case", "terms.server" in near and (charged or "terms.probe" in near or smuggled) and goods)
    add("server_case_abroad", "terms.server" in near and (charged or "terms.probe" in near) and near & _TRANSIT)
    add("off", "off" in sections)
    add("off_title", any(m.start < evidence.border for m in evidence.matches if m.concept.startswith("off.")))
    add("off_title_only", any(name.startswith("off.") for name in title) and not control and not chip)
    bodies = {f"agencies.{body}" for body in _CN_BODIES}
    theirs = subject == "CN" or bool(title & bodies)
    add("cn_acts_title", theirs and title & _ACTS_ON_TRADE)
    add("cn_acts_lead", not (theirs and title & _ACTS_ON_TRADE) and near & bodies and near & _ACTS_ON_TRADE)
    add("cn_acts_on_goods", (theirs or near & bodies) and near & _ACTS_ON_TRADE and goods)
    add("cn_body", near & bodies)
    american = subject == "US" or bool(title & _US_BODIES) or "places.US" in title
    american_near = american or bool(near & _US_BODIES) or "places.US" in near
    addressed = bool(title & {f"companies.{name}" for name in _MAKERS}) or "companies.Hua Hong" in title
    forbids = bool(title & {"terms.ban", "terms.restrict", "terms.require_licence", "terms.notice"})
    add("us_bars_firm", american and addressed and forbids and not theirs and not title & {"terms.guidance", "terms.loophole", "terms.smuggle", "terms.probe", "terms.charge"})
    add("us_permits", american_near and title & _PERMITS and goods and subject != "CN" and not title & bodies)
    add("firm_resumes", title & {"companies.Nvidia", "companies.AMD"} and title & {"terms.resume", "terms.allow"} and subject != "CN")
    targeted = title & {f"companies.{name}" for name in ("Huawei", "SMIC", "Hua Hong", "CXMT", "YMTC", "Inspur", "Cambricon", "Biren", "Sophgo")}
    add("firms_targeted", targeted and control and subject not in ("company", "CN", None) and not chip)
    rescinds = "terms.rescind" in title or "terms.rescind" in near and "L.terms.rescind" in features
    add("rescinds_licence", rescinds and near & {"terms.licence"} and not near & {"terms.rule", "terms.diffusion", "terms.export_control"})
    add("rescinds_control", rescinds and near & {"terms.rule", "terms.diffusion", "terms.export_control", "terms.ban", "terms.restrict"})
    title_text = evidence.folded.text[: evidence.border].rstrip()
    add("question", title_text[-1:] == "?" or "?" in title_text[-3:])
    add("speaks", _speaks(evidence))
    confirmed = near & {"terms.confirm"}
    add("unnamed_unconfirmed", "terms.unnamed" in everywhere and not confirmed)
    add("claimed_title", "terms.claimed" in title)
    add("plan_title", "terms.consider" in title and not title & {"terms.issue_licence"})
    add("cn_plans", subject == "CN" and title & {"terms.consider", "terms.business", "terms.server", "terms.controlled"})


def _speaks(evidence: Evidence) -> bool:
    """Whether the title opens with somebody who speaks: a name, then a colon or a verb of saying."""
    text = evidence.folded.text[: evidence.border]
    for match in evidence.matches:
        if match.start > 24 or match.start >= evidence.border:
            break
        if match.concept.startswith(("people.", "agencies.", "companies.", "terms.speaker")) and _SPEAKS.match(text[match.end :]):
            return True
    return False
