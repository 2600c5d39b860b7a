"""Watch lists: names that a channel, a workspace or a person keeps privately, matched when a screening list changes.

Nothing here is ever told to anybody but the owner: every function asks for one, or gives hits with theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.errors import UserError
from bot.knowledge.names import name_key
from bot.store.party_search import Index
from bot.store.schema import watch_names

LIKE = 0.85
"""From this score on a listed name is called a close match of a watched one."""
MOST_NAMES = 5000
MOST_HITS = 50
BATCH = 400


class OwnerKind(StrEnum):
    """Who keeps a watch list."""

    CHANNEL = "channel"
    WORKSPACE = "workspace"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Owner:
    """A channel, workspace or person of a platform, by the platform's own id."""

    platform: str
    kind: OwnerKind
    id: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A name on a watch list."""

    name: str
    note: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of a list's change that is like a watched name: what was watched, the party, the name of it that is alike,
    the score from 0 to 1, why, and what happened to the row (`added`, `removed`, `changed`)."""

    asked: str
    note: str
    name: str
    matched: str
    score: float
    why: tuple[str, ...]
    op: str

    def json(self) -> dict[str, Any]:
        """With JSON values only: what the owner's card is made of."""
        return {"asked": self.asked, "note": self.note, "name": self.name, "matched": self.matched,
                "score": self.score, "why": list(self.why), "op": self.op}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hits:
    """What of one owner's list a change touches; `watched` is how many names the list has."""

    owner: Owner
    watched: int
    hits: tuple[Hit, ...]


def add(conn: sa.Connection, owner: Owner, names: Iterable[tuple[str, str]], at: datetime, who: str) -> int:
    """Put names with their notes on an owner's list; how many are new. A name that is there keeps its note unless a new
    one is given. Raises UserError `errors.list_too_long` before anything is stored."""
    there = {name_key(entry.name) for entry in names_of(conn, owner)}
    wanted: dict[str, tuple[str, str]] = {}
    for name, note in names:
        shown = " ".join(name.split())
        if shown:
            wanted.setdefault(name_key(shown), (shown, " ".join(note.split())))
    fresh = [key for key in wanted if key not in there]
    if len(there) + len(fresh) > MOST_NAMES:
        raise UserError("errors.list_too_long", most=MOST_NAMES)
    for key in wanted.keys() & there:
        if wanted[key][1]:
            row = watch_names.update().where(*_mine(owner), watch_names.c.key == key)
            conn.execute(row.values(note=wanted[key][1]))
    rows = [
        {"platform": owner.platform, "owner_kind": owner.kind.value, "owner": owner.id, "key": key,
         "name": wanted[key][0], "note": wanted[key][1], "added_at": at, "added_by": who}
        for key in fresh
    ]  # fmt: skip
    if rows:
        conn.execute(watch_names.insert(), rows)
    return len(rows)


def remove(conn: sa.Connection, owner: Owner, names: Iterable[str]) -> int:
    """Take names off an owner's list; how many were there."""
    keys, gone = [name_key(name) for name in names], 0
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        gone += conn.execute(watch_names.delete().where(*_mine(owner), watch_names.c.key.in_(some))).rowcount
    return gone


def forget(conn: sa.Connection, owner: Owner) -> int:
    """Delete an owner's whole list: when a channel stops, a workspace uninstalls or a person asks for it."""
    return conn.execute(watch_names.delete().where(*_mine(owner))).rowcount


def forget_within(conn: sa.Connection, platform: str, within: str) -> int:
    """Delete the lists of people whose ids begin so; how many names."""
    theirs = watch_names.c.owner.startswith(within, autoescape=True)
    mine = (watch_names.c.platform == platform, watch_names.c.owner_kind == OwnerKind.PERSON.value, theirs)
    return conn.execute(watch_names.delete().where(*mine)).rowcount


def names_of(conn: sa.Connection, owner: Owner) -> list[Watched]:
    """An owner's list in the order of adding."""
    columns = (watch_names.c.name, watch_names.c.note, watch_names.c.added_at, watch_names.c.added_by)
    return [Watched(*row) for row in conn.execute(sa.select(*columns).where(*_mine(owner)).order_by(watch_names.c.id))]


def hits(conn: sa.Connection, rows: Mapping[str, Any]) -> list[Hits]:
    """What a list's change touches of everybody's watch lists, one entry for each owner that is hit.

    `rows` is the record that stands with the change (`detail["rows"]`). What an entry says is for its owner alone.
    """
    columns = (watch_names.c.platform, watch_names.c.owner_kind, watch_names.c.owner, watch_names.c.name,
               watch_names.c.note)  # fmt: skip
    by_owner: dict[Owner, list[tuple[str, str]]] = {}
    for platform, kind, id_, name, note in conn.execute(sa.select(*columns).order_by(watch_names.c.id)):
        by_owner.setdefault(Owner(platform, OwnerKind(kind), id_), []).append((name, note))
    return _hits(by_owner, rows)


def hits_of(conn: sa.Connection, owner: Owner, rows: Mapping[str, Any]) -> Hits | None:
    """What a list's change touches of one owner's watch list; None where nothing is."""
    found = _hits({owner: [(entry.name, entry.note) for entry in names_of(conn, owner)]}, rows)
    return found[0] if found else None


def _hits(by_owner: Mapping[Owner, Sequence[tuple[str, str]]], rows: Mapping[str, Any]) -> list[Hits]:
    told: Sequence[Mapping[str, Any]] = rows.get("rows", ())
    if not by_owner or not told:
        return []
    index = Index(
        (("", "", str(at)), (str(row["name"]), *map(str, row.get("aliases", ())))) for at, row in enumerate(told)
    )
    found = []
    for owner, names in by_owner.items():
        matches = [
            Hit(name, note, str(told[at]["name"]), match.matched, match.score, match.why, str(told[at]["op"]))
            for name, note in names
            for match in index.find(name, 5)
            if match.score >= LIKE
            for at in (int(match.place[2]),)
        ]
        if matches:
            matches.sort(key=lambda hit: -hit.score)
            found.append(Hits(owner, len(names), tuple(matches[:MOST_HITS])))
    return found


def _mine(owner: Owner) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        watch_names.c.platform == owner.platform,
        watch_names.c.owner_kind == owner.kind.value,
        watch_names.c.owner == owner.id,
    )
