"""From evidence to the features that the weights speak of: concepts by place, and what only their company tells."""

from __future__ import annotations

from bot.knowledge.vocabulary import Vocabulary
from bot.pipeline.assess.evidence import Evidence

_CN_BODIES = ("cac", "samr", "ndrc", "gacc", "cn_regulators")
_CHIP_WORDS = ("terms.ai_chip", "terms.semi", "terms.equipment")
_ACTS_ON_TRADE = (
    "terms.ban",
    "terms.summon",
    "terms.antitrust",
    "terms.allow",
    "terms.import",
    "terms.relax",
    "terms.restrict",
)


def derive(evidence: Evidence, vocabulary: Vocabulary) -> None:
    """Add the features that join several concepts. Their names start with `+`."""
    features = evidence.features
    has = evidence.has
    sections = {match.concept.partition(".")[0] for match in evidence.matches}

    def add(name: str, given: bool) -> None:
        if given:
            features.setdefault("+" + name, None)

    add("base", True)
    subject = evidence.subject
    if subject in ("US", "CN", "company"):
        add("by." + subject, True)
    elif subject:
        add("by.other", True)
    chip = "chips" in sections
    add("chip", chip)
    add("chip_title", any(m.start < evidence.border for m in evidence.matches if m.concept.startswith("chips.")))
    chip_word = chip or any(has("T." + word, "L." + word) for word in _CHIP_WORDS)
    add("chip_word", chip_word)
    add("chip_word_title", chip or any(has("T." + word) for word in _CHIP_WORDS))
    control = any(
        has("T.terms." + name, "L.terms." + name) for name in ("export_control", "require_licence", "entity_list")
    )
    add("control", control)
    add("control_on_chips", control and chip_word)
    trade = any(has(f"{at}.terms.{name}") for at in "TL" for name in ("export", "sell", "import"))
    act = any(
        has(f"{at}.terms.{name}") for at in "TL" for name in ("ban", "restrict", "relax", "allow", "resume", "licence")
    )
    china = any(has(f"{at}.places.CN") for at in "TL")
    add("trade_act", trade and act)
    add("chips_to_china_act", trade and act and china and chip_word)
    add("smuggled_chips", chip_word and has("T.terms.smuggle", "L.terms.smuggle"))
    add("charged_smuggler", has("T.terms.charge", "L.terms.charge") and has("T.terms.smuggle", "L.terms.smuggle"))
    add("off", "off" in sections)
    add("off_title", any(m.start < evidence.border for m in evidence.matches if m.concept.startswith("off.")))
    bodies = any(has(f"{at}.agencies.{body}") for at in "TL" for body in _CN_BODIES)
    acts_on_trade = any(has(f"{at}{concept}") for at in ("T.", "L.") for concept in _ACTS_ON_TRADE)
    add("cn_acts", acts_on_trade and (bodies or subject == "CN"))
    add("cn_body", bodies)
    title_end = evidence.folded.text[: evidence.border].rstrip()[-1:]
    add("question", title_end in ("?", "？"))
    add(
        "unnamed_unconfirmed",
        any(has(f"{at}.terms.unnamed") for at in "TLM") and not has("T.terms.confirm", "L.terms.confirm"),
    )
