"""Who is who among a feed's entries: a key for each, and aliases that find it again when the host changes its keys."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from bot.clock import day_of, iso
from bot.sources.canonical import canonical_link
from bot.sources.syndication.entry import Entry

LONGEST_KEY = 1000
FILING = "urn:tag:sec.gov,2008:accession-number="
"""An id of EDGAR: a filing is listed once for each company and person it names, with another title and link."""
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Identity:
    """One entry with its key, its aliases and its absolute link."""

    entry: Entry
    url: str
    page: str
    key: str = ""
    aliases: tuple[str, ...] = ()


def identified(entries: list[tuple[Entry, str]], home: str, *, one_id_one_entry: bool) -> list[Identity]:
    """Keys and aliases for entries and their absolute links, in order; true repetitions are dropped.

    The key is the publisher's id; else the canonical link, unless another entry or the home page has it; else title
    and day. Entries that share an id and yet differ are told apart by their links, or by title and day, all of them,
    so that no order decides who keeps the bare id. Aliases: `link:` and the canonical link, `title:` and the folded
    title and day, each only where no other entry of the feed has the same.
    """
    found = [Identity(entry, url, canonical_link(entry.origin or url)) for entry, url in entries]
    pages = Counter(one.page for one in found)
    links = Counter(one.url for one in found)
    for one in found:
        entry = one.entry
        if entry.id:
            one.key = _short(entry.id)
        elif one.page and pages[one.page] == 1 and one.page != home:
            one.key = _short(one.page)
        elif one.url and links[one.url] == 1 and "#" in one.url:
            one.key = _short(one.url)
        else:
            one.key = f"title-{_hash(_title_and_day(entry) or entry.summary)}"
    found = _told_apart(found, one_id_one_entry=one_id_one_entry)
    pages = Counter(one.page for one in found)
    titles = [_title_and_day(one.entry) if one.entry.title else "" for one in found]
    often = Counter(titles)
    for one, title in zip(found, titles, strict=True):
        link = (f"link:{_short(one.page)}",) if one.page and pages[one.page] == 1 and one.page != home else ()
        dated = (one.entry.published or one.entry.updated) is not None
        one.aliases = (*link, f"title:{_short(title)}") if title and dated and often[title] == 1 else link
    return found


def _told_apart(found: list[Identity], *, one_id_one_entry: bool) -> list[Identity]:
    if len({one.key for one in found}) == len(found):
        return found
    groups: dict[str, list[Identity]] = defaultdict(list)
    for one in found:
        groups[one.key].append(one)
    kept: set[int] = set()
    for group in groups.values():
        members = _without_repetitions(group, one_id_one_entry=one_id_one_entry) if len(group) > 1 else group
        if len(members) > 1:
            by_link = len({member.page for member in members}) == len(members)
            for member in members:
                mark = member.page if by_link else f"{member.page} {_title_and_day(member.entry)}"
                member.key = f"{member.key}#{_hash(mark)}"
        kept.update(id(member) for member in members)
    unique = {one.key: one for one in reversed(found) if id(one) in kept}
    return [one for one in found if unique.get(one.key) is one]


def _without_repetitions(group: list[Identity], *, one_id_one_entry: bool) -> list[Identity]:
    """Of entries that say the same the first; in Atom of those with one link the newest, for one id is one entry."""
    if group[0].key.startswith(FILING):
        return [min(group, key=lambda one: one.entry.title.endswith("(Reporting)"))]
    kept: dict[tuple[str, str], Identity] = {}
    for one in group:
        mark = (one.page, "" if one_id_one_entry and one.page else _title_and_day(one.entry) or one.entry.summary)
        before = kept.get(mark)
        if before is None or (one_id_one_entry and _age(one) > _age(before)):
            kept[mark] = one
    return list(kept.values())


def _age(one: Identity) -> str:
    moment = one.entry.updated or one.entry.published
    return iso(moment) or ""


def _title_and_day(entry: Entry) -> str:
    moment = entry.published or entry.updated
    words = " ".join(_WORD.findall(entry.title.casefold()))
    return f"{words} {day_of(moment).isoformat()}" if moment is not None else words


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_KEY else f"{text[: LONGEST_KEY - 40]}~{_hash(text)}"


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
