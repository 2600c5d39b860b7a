"""The parties of the screening lists as they stand: compared with the next download, and found by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from bot.knowledge.names import name_key
from bot.model import Party
from bot.store.party_search import Index, PartyMatch
from bot.store.schema import parties, sources

BATCH = 400

_indexes: dict[str, tuple[object, Index]] = {}


def digest(party: Party) -> bytes:
    """What makes two rows of a party the same. The order of aliases, countries and addresses does not count."""
    content = (party.name, "\x1f".join(sorted(party.aliases)), "\x1f".join(sorted(party.countries)),
               "\x1f".join(party.footnotes), party.requirement, party.policy, party.notice, party.since, party.until,
               party.places)  # fmt: skip
    return blake2b("\x1e".join(content).encode("utf-8", "replace"), digest_size=12).digest()


def sizes(conn: sa.Connection, source: str) -> dict[str, int]:
    """How many parties each list of a source has."""
    query = sa.select(parties.c.roll, sa.func.count()).where(parties.c.source == source).group_by(parties.c.roll)
    return {str(row[0]): int(row[1]) for row in conn.execute(query)}


def digests(conn: sa.Connection, source: str, roll: str) -> dict[str, bytes]:
    """The digest of every stored party of a list, by its key."""
    mine = (parties.c.source == source, parties.c.roll == roll)
    return {key: bytes(found) for key, found in conn.execute(sa.select(parties.c.key, parties.c.digest).where(*mine))}


def several(conn: sa.Connection, source: str, roll: str, keys: Iterable[str]) -> dict[str, Party]:
    """Stored parties by their keys."""
    wanted = list(keys)
    found: dict[str, Party] = {}
    mine = (parties.c.source == source, parties.c.roll == roll)
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        for row in conn.execute(sa.select(parties).where(*mine, parties.c.key.in_(some))):
            found[row.key] = _party(row)
    return found


def put(conn: sa.Connection, source: str, found: Sequence[Party], at: datetime) -> None:
    """Store parties that were not known, or are not as they were."""
    _indexes.clear()
    for start in range(0, len(found), 5000):
        some = found[start : start + 5000]
        take(conn, source, some)
        conn.execute(parties.insert(), [_row(source, party, at) for party in some])


def take(conn: sa.Connection, source: str, gone: Sequence[Party]) -> None:
    """Take parties off their list."""
    _indexes.clear()
    by_roll: dict[str, list[str]] = {}
    for party in gone:
        by_roll.setdefault(party.roll, []).append(name_key(party.name))
    for roll, keys in by_roll.items():
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            mine = (parties.c.source == source, parties.c.roll == roll, parties.c.key.in_(some))
            conn.execute(parties.delete().where(*mine))


def count(conn: sa.Connection) -> int:
    """How many parties are stored, over all lists."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(parties)).scalar_one())


def find(conn: sa.Connection, name: str, limit: int = 10) -> list[PartyMatch]:
    """The listed parties whose name or alias is like `name`, the likest first; a party on two lists stands there twice.

    The first look-up after a list changed reads all names (some tenths of a second for 25,000 parties); later ones
    take a few milliseconds. Latin and Chinese script; 50 % ownership is not resolved.
    """
    places = index(conn).find(name, limit)
    wanted = [match.place for match in places]
    rows: dict[tuple[str, str, str], Party] = {}
    by_list: dict[tuple[str, str], list[str]] = {}
    for source, roll, key in wanted:
        by_list.setdefault((source, roll), []).append(key)
    for (source, roll), keys in by_list.items():
        for key, party in several(conn, source, roll, keys).items():
            rows[source, roll, key] = party
    return [PartyMatch(rows[m.place], m.matched, m.score, m.why) for m in places if m.place in rows]


def index(conn: sa.Connection) -> Index:
    """The names of all stored parties, ready for searching; kept until a list changes."""
    listed = sa.exists().where(parties.c.source == sources.c.id)
    query = sa.select(sources.c.id, sources.c.last_change_at).where(listed).order_by(sources.c.id)
    state = tuple(map(tuple, conn.execute(query)))
    where = str(conn.engine.url)
    known = _indexes.get(where)
    if known is not None and known[0] == state:
        return known[1]
    columns = (parties.c.source, parties.c.roll, parties.c.key, parties.c.name, parties.c.aliases)
    built = Index(
        ((source, roll, key), (name, *_lines(aliases)))
        for source, roll, key, name, aliases in conn.execute(sa.select(*columns))
    )
    _indexes.clear()  # one store a process
    _indexes[where] = (state, built)
    return built


def _row(source: str, party: Party, at: datetime) -> Mapping[str, Any]:
    return {
        "source": source,
        "roll": party.roll,
        "key": name_key(party.name),
        "name": party.name,
        "aliases": "\n".join(party.aliases),
        "countries": "\n".join(party.countries),
        "requirement": party.requirement,
        "policy": party.policy,
        "footnotes": "\n".join(party.footnotes),
        "notice": party.notice,
        "since": party.since,
        "until": party.until,
        "places": party.places,
        "digest": digest(party),
        "seen_at": at,
    }


def _party(row: Any) -> Party:
    return Party(
        roll=row.roll,
        name=row.name,
        aliases=_lines(row.aliases),
        countries=_lines(row.countries),
        requirement=row.requirement,
        policy=row.policy,
        footnotes=_lines(row.footnotes),
        notice=row.notice,
        since=row.since,
        until=row.until,
        places=row.places,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()
