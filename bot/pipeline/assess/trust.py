"""Who says it: the source's record first, then the outlet's name and address, then the words of the item."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from bot.model import OWN_NAME, Assessment, Stage, Trust
from bot.pipeline.assess.severity import severity_of

_HOST = re.compile(r"\s*[A-Za-z][\w+.-]*://(?:[^/?#@\\]{0,200}@)?([^/?#:@\\\s]{1,253})")
_ROOM = re.compile(r"\b(?:sec|filings?|blog|newsroom|press|investor\w*|ir)\b")


@dataclass(frozen=True, slots=True)
class _Publishers:
    """Who speaks for themselves: patterns of names and hosts, and the companies' hosts."""

    names: re.Pattern[str]
    hosts: re.Pattern[str]
    companies: tuple[tuple[str, tuple[str, ...]], ...]
    newsrooms: re.Pattern[str]


@cache
def _publishers() -> _Publishers:
    table = tomllib.loads((files("bot.pipeline.assess") / "publishers.toml").read_text(encoding="utf-8"))
    names = "|".join(re.escape(name.casefold()) for name in table["official"]["names"])
    hosts = "|".join(re.escape(host) for host in table["official"]["hosts"])
    owned = "|".join(re.escape(host) for mine in table["company_hosts"].values() for host in mine)
    return _Publishers(
        re.compile(rf"(?<!\w)(?:{names})(?!\w)"),
        re.compile(rf"(?:^|\.)(?:{hosts})$"),
        tuple((name.casefold(), tuple(mine)) for name, mine in table["company_hosts"].items()),
        re.compile(rf"(?<![\w-])(?:{owned})/"),
    )


def in_own_name(assessment: Assessment) -> Assessment:
    """What a holder of an office says: an official word and never law. Whatever it claims to be done is a promise until
    an institution says so."""
    found, stage = assessment, unbinding(assessment.stage)
    severity = severity_of(found.kind, stage, found.trust, found.chips, found.destinations)
    severity = severity if found.relevant else found.severity
    return replace(found, stage=stage, severity=severity, reasons=(*found.reasons, OWN_NAME))


def unbinding(stage: Stage | None) -> Stage | None:
    """A stage that a word alone can reach."""
    return Stage.PROMISED if stage is not None and stage.rank > Stage.PROMISED.rank else stage


def publisher_trust(source_trust: Trust | None, outlet: str, url: str | None) -> tuple[Trust | None, str]:
    """What the publisher alone says: official, company or rumour with the rule's name; None where the words decide."""
    if source_trust in (Trust.OFFICIAL, Trust.COMPANY, Trust.RUMOUR):
        return source_trust, "source_record"
    by_name = _named(outlet[:200])
    if by_name[0] is Trust.OFFICIAL:
        return by_name
    by_host = _hosted(_host(url)) if url else (None, "")
    return by_host if by_host[0] else by_name


@lru_cache(maxsize=4096)
def _named(outlet: str) -> tuple[Trust | None, str]:
    known, shown = _publishers(), outlet.casefold().strip()
    if known.names.search(shown):
        return Trust.OFFICIAL, "publisher_name"
    for company, _ in known.companies:
        if shown == company or (shown.startswith(company) and _ROOM.search(shown)):
            return Trust.COMPANY, "company_name"
    return None, ""


@lru_cache(maxsize=4096)
def _hosted(host: str) -> tuple[Trust | None, str]:
    known = _publishers()
    if known.hosts.search(host):
        return Trust.OFFICIAL, "publisher_address"
    if any(host == mine or host.endswith("." + mine) for _, owned in known.companies for mine in owned):
        return Trust.COMPANY, "company_address"
    return None, ""


def passed_on(lead: str) -> bool:
    """Whether a text ends in the address of a company's own newsroom: its statement passed on whole."""
    ending = lead[-300:]
    return "/" in ending and _publishers().newsrooms.search(ending.casefold()) is not None


def _host(url: str) -> str:
    found = _HOST.match(url, 0, 2000)
    return found[1].casefold() if found else ""
