"""Who says it: the source's record first, then the outlet's name and address, then the words of the item."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from bot.model import Trust


@cache
def _publishers() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, ...]]]:
    table = tomllib.loads((files("bot.pipeline.assess") / "publishers.toml").read_text(encoding="utf-8"))
    names = "|".join(re.escape(name.casefold()) for name in table["official"]["names"])
    hosts = "|".join(re.escape(host) for host in table["official"]["hosts"])
    return (
        re.compile(rf"(?<!\w)(?:{names})(?!\w)"),
        re.compile(rf"(?:^|\.)(?:{hosts})$"),
        {name: tuple(hosts) for name, hosts in table["company_hosts"].items()},
    )


def publisher_trust(source_trust: Trust | None, outlet: str, url: str | None) -> tuple[Trust | None, str]:
    """What the publisher alone says: official, company or rumour with the rule's name, or None where the words decide."""
    if source_trust in (Trust.OFFICIAL, Trust.COMPANY, Trust.RUMOUR):
        return source_trust, "source_record"
    names, hosts, companies = _publishers()
    host = _host(url)
    if names.search(outlet.casefold()[:200]):
        return Trust.OFFICIAL, "publisher_name"
    if host and hosts.search(host):
        return Trust.OFFICIAL, "publisher_address"
    shown = outlet.casefold().strip()
    for company, owned in companies.items():
        if host and any(host == mine or host.endswith("." + mine) for mine in owned):
            return Trust.COMPANY, "company_address"
        if shown.startswith(company.casefold()) and (
            shown == company.casefold() or re.search(r"sec|filing|blog|newsroom|press|investor|ir\b", shown)
        ):
            return Trust.COMPANY, "company_name"
    return None, ""


def passed_on(lead: str) -> bool:
    """Whether a short text ends in the address of a company's own newsroom: its statement passed on whole."""
    _, _, companies = _publishers()
    tail = lead[-300:].casefold()
    return any(
        re.search(rf"(?<![\w.])(?:\w+\.)*{re.escape(host)}/", tail) for owned in companies.values() for host in owned
    )


def _host(url: str | None) -> str:
    if not url:
        return ""
    try:
        return (urlsplit(url[:2000]).hostname or "").casefold()
    except ValueError:
        return ""
