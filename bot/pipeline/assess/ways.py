"""From where to where: the jurisdictions that the goods leave, and those they go to or must not go to."""

from __future__ import annotations

import re

from bot.model import Kind
from bot.pipeline.assess.bound_for import bound_for
from bot.pipeline.assess.evidence import Evidence

_MAKERS = {"ASML": "NL", "ASM International": "NL", "Tokyo Electron": "JP", "Nikon": "JP", "Canon": "JP"}
_AMERICAN = frozenset(
    ("Nvidia", "AMD", "Intel", "Micron", "Qualcomm", "Broadcom", "Synopsys", "Cadence", "KLA", "Dell", "HPE")
) | {"Applied Materials", "Lam Research", "Super Micro"}
_TRANSIT = frozenset(("SG", "MY", "TH", "ID", "VN", "IN", "AE"))
_BUYERS = frozenset(("AE", "SA", "IN", "QA", "RU", "KZ"))
_AT_CHINA = tuple(
    f"{at}.companies.{name}" for at in "TL" for name in ("Huawei", "SMIC", "CXMT", "Hua Hong", "DeepSeek")
)
_EXPORTERS = frozenset(("NL", "JP", "KR", "TW"))
"""States other than the United States whose own controls on chips and machines are aimed at China."""
_HOMES = {"G42": "AE", "Humain": "SA"}
"""Buyers whose name alone says where goods go."""
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
    elif kind is Kind.FOREIGN_MEASURE and (subject in ("KR", "JP") or (_acts(subject) and _exports(evidence))):
        found.append(str(subject))
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


def _acts(subject: str | None) -> bool:
    """Whether the subject is a state that neither makes the goods' rules nor is their usual destination."""
    return subject not in (None, "company", "US", "CN", *_EXPORTERS)


def _exports(evidence: Evidence) -> bool:
    """Whether the first words tell of goods that go out, and of none that come in."""
    goes = ("export", "export_control", "require_licence")
    return not _imports(evidence) and evidence.has(*(f"{at}.terms.{word}" for at in "TL" for word in goes))


def _imports(evidence: Evidence) -> bool:
    """Whether it is what comes in that the first words tell of."""
    return evidence.has("T.terms.import", "L.terms.import")


def destinations_of(evidence: Evidence, kind: Kind) -> tuple[str, ...]:
    """Where the goods go, may go or must not go.

    First the places that the text names so (`bound_for`); in cases the usual transit countries, and else the usual
    buyers, also where they are only named. China where the text names it, and where it names no destination, speaks of
    no other state's act and not of all the world: then China is what is meant.
    """
    near = evidence.everywhere
    text = evidence.folded.text
    named = bound_for(evidence)
    others = named.keys() - {"CN", "HK", "MO"}
    found = {code for code in named if len(code) == 2 and code not in ("CN", "EU")}  # no card could name an area
    for match in evidence.named("places"):
        name = match.concept.partition(".")[2]
        if name in ("HK", "MO"):
            if not _BASED.match(text[match.end : match.end + 16]):
                found.add(name)
        elif (name in _TRANSIT and kind is Kind.ENFORCEMENT) or (
            name in _BUYERS and name != evidence.subject and not others
        ):
            found.add(name)
    found.update(code for name, code in _HOMES.items() if f"companies.{name}" in evidence.near)
    china = "places.CN" in near
    elsewhere = found - {"HK", "MO"}
    third = _acts(evidence.subject) and not china
    if third and kind is Kind.FOREIGN_MEASURE and not found and not _exports(evidence):
        found.add(str(evidence.subject))  # what it forbids or permits at home
    said = "CN" in named or (china and not _only_acts(evidence)) if others else china
    aimed = said or (not others and evidence.has(*_AT_CHINA))
    world = "terms.diffusion" in near and not evidence.has("T.terms.guidance", "L.terms.guidance")
    if elsewhere and evidence.has(*(f"T.places.{code}" for code in elsewhere)) and not evidence.has("T.places.CN"):
        aimed = aimed and kind is Kind.ENFORCEMENT and china
    if aimed or not (others or found or world or third):
        found.add("CN")
    return tuple(sorted(found))


def _only_acts(evidence: Evidence) -> bool:
    """Whether China is named once, as the one who acts."""
    return evidence.subject == "CN" and sum(m.concept == "places.CN" for m in evidence.named("places")) == 1
