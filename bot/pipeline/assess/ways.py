"""From where to where: the jurisdictions that the goods leave, and those they go to or must not go to."""

from __future__ import annotations

import re

from bot.model import Kind
from bot.pipeline.assess.evidence import Evidence

_MAKERS = {"ASML": "NL", "ASM International": "NL", "Tokyo Electron": "JP", "Nikon": "JP", "Canon": "JP"}
_AMERICAN = frozenset(
    ("Nvidia", "AMD", "Intel", "Micron", "Qualcomm", "Broadcom", "Synopsys", "Cadence", "KLA", "Dell", "HPE")
) | {"Applied Materials", "Lam Research", "Super Micro"}
_THIRD = (
    "RU",
    "SG",
    "MY",
    "TH",
    "AE",
    "SA",
    "ID",
    "VN",
    "IN",
    "QA",
    "IR",
    "KP",
    "KZ",
    "TR",
    "KR",
    "JP",
    "TW",
    "IL",
    "CH",
)
_TRANSIT = frozenset(("SG", "MY", "TH", "ID", "VN", "IN", "AE"))
_BUYERS = frozenset(("AE", "SA", "IN", "QA", "RU", "KZ"))
_AT_CHINA = tuple(
    f"{at}.companies.{name}" for at in "TL" for name in ("Huawei", "SMIC", "CXMT", "Hua Hong", "DeepSeek")
)
_BASED = re.compile(r"^(?:['-]s? ?)?(?:-?based|-headquartered| logistics| firm| compan| businessm)")


def origin_of(evidence: Evidence, chips: tuple[str, ...], companies: tuple[str, ...], kind: Kind) -> tuple[str, ...]:
    """Where the goods come from: the makers' countries, or the exporter's; the United States unless told otherwise."""
    found: list[str] = []
    near = evidence.everywhere
    makers = [_MAKERS[name] for name in companies if name in _MAKERS]
    american = bool(chips and set(chips) != {"HBM"} and not chips[0].startswith("Ascend")) or any(
        name in _AMERICAN for name in companies
    )
    subject = evidence.subject
    if makers:
        found += makers
    elif subject == "NL" or ("places.NL" in near and "terms.equipment" in near):
        found.append("NL")
    elif (subject == "TW" and not american) or ("TSMC" in companies and not american):
        found.append("TW")
    elif subject in ("KR", "JP", "MY") and kind is Kind.FOREIGN_MEASURE:
        found.append(subject)
    elif _asked(evidence):
        found.append(_asked(evidence) or "US")
    if chips == ("HBM",) and any(name in ("Samsung", "SK Hynix") for name in companies):
        found += ["US", "KR"] if kind is not Kind.REPORT else ["KR"]
    if (
        not found
        or (kind in (Kind.BILL,) and subject in ("US", None))
        or (american and "US" not in found and not makers)
    ):
        found.append("US")
    return tuple(sorted(set(found)))


def _asked(evidence: Evidence) -> str | None:
    """The ally whom the United States ask to control its own exports."""
    if not evidence.has("T.terms.urge"):
        return None
    for match in evidence.named("places"):
        name = match.concept.partition(".")[2]
        if name in ("KR", "JP", "NL", "TW", "DE") and evidence.in_title(match):
            return name
    return None


def destinations_of(
    evidence: Evidence, kind: Kind, chips: tuple[str, ...], companies: tuple[str, ...]
) -> tuple[str, ...]:
    """Where the goods go, may go or must not go. China unless the text names others or speaks of all the world."""
    near = evidence.everywhere
    text = evidence.folded.text
    found: set[str] = set()
    china = "places.CN" in near
    for match in evidence.named("places"):
        name = match.concept.partition(".")[2]
        after = text[match.end : match.end + 16]
        if name in ("HK", "MO"):
            if not _BASED.match(after):
                found.add(name)
        elif name in _THIRD and match.concept in near and name != evidence.subject:
            if (name in _TRANSIT and kind is Kind.ENFORCEMENT) or name in _BUYERS:
                found.add(name)
        elif name in _TRANSIT and kind is Kind.ENFORCEMENT and match.concept in near:
            found.add(name)
    aimed = china or evidence.has(*_AT_CHINA)
    world = "terms.diffusion" in near and not evidence.has("T.terms.guidance", "L.terms.guidance")
    elsewhere = found - {"HK", "MO"}
    if elsewhere and evidence.has(*(f"T.places.{code}" for code in elsewhere)) and not evidence.has("T.places.CN"):
        aimed = aimed and kind is Kind.ENFORCEMENT and china
    untold = kind is Kind.FOREIGN_MEASURE and evidence.subject in _TRANSIT and not china
    if aimed or not (elsewhere or world or found or untold):
        found.add("CN")
    return tuple(sorted(found))
