"""Documents, their aliases and what they were before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
import sqlalchemy as sa

from bot.model import FOLLOWED, Document, State
from bot.store.records import document_of, document_record
from bot.store.schema import aliases, documents, members, versions

BATCH = 400
"""Keys in one IN (...): SQLite takes at most 32,766 parameters, and short statements are cached better."""

_LATE = frozenset((FOLLOWED, "citation", "full_text_xml_url", "pdf_url", "raw_text_url"))
"""Details that come with printing, or with a second request: they make no new version of a document."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the diff needs of a stored document."""

    key: str
    version: int
    digest: str
    state: State


def digest(document: Document) -> str:
    """What makes two versions of a document the same: its words, type and stated facts. Not its address or its dates of
    handling, which publishers change without changing the document; nor what is known of it only later."""
    details = document.details
    if not _LATE.isdisjoint(details):
        details = {name: value for name, value in details.items() if name not in _LATE}
    content = (document.title, document.summary, document.kind, document.state.value, details)
    return hashlib.blake2b(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()


def known(conn: sa.Connection, source: str, keys: Iterable[str]) -> dict[str, Known]:
    """Those of `keys` that are stored."""
    columns = (documents.c.key, documents.c.version, documents.c.digest, documents.c.state)
    found = {}
    for some in _batches(keys):
        query = sa.select(*columns).where(documents.c.source == source, documents.c.key.in_(some))
        for key, version, digest_, state in conn.execute(query):
            found[key] = Known(key, version, digest_, State(state))
    return found


def owners(conn: sa.Connection, source: str, names: Iterable[str]) -> dict[str, str]:
    """The key of the document that each of these aliases belongs to, where it is known."""
    found: dict[str, str] = {}
    for some in _batches(names):
        query = sa.select(aliases.c.alias, aliases.c.key).where(aliases.c.source == source, aliases.c.alias.in_(some))
        found.update(tuple(row) for row in conn.execute(query))
    return found


def elsewhere(conn: sa.Connection, source: str, key: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """The documents (source, key) that carry one of these names, in the order of the names, without the one given."""
    wanted = list(dict.fromkeys(names))[:BATCH]
    if not wanted:
        return []
    query = sa.select(aliases.c.alias, aliases.c.source, aliases.c.key).where(aliases.c.alias.in_(wanted))
    rows = sorted(conn.execute(query), key=lambda row: (wanted.index(row.alias), row.source, row.key))
    return [pair for row in rows if (pair := (row.source, row.key)) != (source, key)]


def add(conn: sa.Connection, found: Sequence[Document], at: datetime, *, baseline: bool) -> None:
    """Store documents that were not known."""
    if not found:
        return
    conn.execute(documents.insert(), [_row(document, at) | {"baseline": baseline} for document in found])
    _add_aliases(conn, found)


def replace(conn: sa.Connection, document: Document, at: datetime) -> None:
    """Store the new version of a document; what it was is kept in `versions`."""
    keep(conn, document.source, document.key, at)
    row = _row(document, at)
    del row["first_seen_at"], row["version"]
    mine = (documents.c.source == document.source, documents.c.key == document.key)
    conn.execute(documents.update().where(*mine).values(**row, version=documents.c.version + 1))
    _add_aliases(conn, [document])


def enrich(conn: sa.Connection, document: Document) -> None:
    """Store what a second request added to a document that is known: no new version, nothing is announced."""
    mine = (documents.c.source == document.source, documents.c.key == document.key)
    conn.execute(documents.update().where(*mine).values(details=dict(document.details)))


def unfollowed(conn: sa.Connection, source: str, keys: Iterable[str], since: datetime) -> set[str]:
    """Those of `keys` that were first seen since a moment, were announced, and have nothing of a second request."""
    found: set[str] = set()
    columns = (documents.c.key, documents.c.details)
    for some in _batches(keys):
        query = sa.select(*columns).where(
            documents.c.source == source,
            documents.c.key.in_(some),
            documents.c.first_seen_at >= since,
            documents.c.baseline.is_(False),
        )
        found |= {row.key for row in conn.execute(query) if FOLLOWED not in row.details}
    return found


def first_seen(conn: sa.Connection, source: str, key: str) -> datetime:
    """When a stored document was first read."""
    mine = (documents.c.source == source, documents.c.key == key)
    seen: datetime = conn.execute(sa.select(documents.c.first_seen_at).where(*mine)).scalar_one()
    return seen


def mark(conn: sa.Connection, source: str, key: str, state: State, at: datetime) -> None:
    """The publisher took the document back, or put it forward again, without new words."""
    keep(conn, source, key, at)
    mine = (documents.c.source == source, documents.c.key == key)
    values = {"state": state.value, "changed_at": at, "version": documents.c.version + 1}
    conn.execute(documents.update().where(*mine).values(**values))


def rename(conn: sa.Connection, source: str, old: str, new: Document) -> None:
    """The publisher gave a document a new key: the alias told that it is the same."""
    mine = (documents.c.source == source, documents.c.key == old)
    conn.execute(documents.update().where(*mine).values(key=new.key, url=new.url))
    conn.execute(aliases.update().where(aliases.c.source == source, aliases.c.key == old).values(key=new.key))
    conn.execute(versions.update().where(versions.c.source == source, versions.c.key == old).values(key=new.key))
    _add_aliases(conn, [new])


def one(conn: sa.Connection, source: str, key: str) -> Document | None:
    """A document as it is now, with all the names that it has had."""
    row = conn.execute(sa.select(documents).where(documents.c.source == source, documents.c.key == key)).one_or_none()
    if row is None:
        return None
    names = sa.select(aliases.c.alias).where(aliases.c.source == source, aliases.c.key == key).order_by(aliases.c.alias)
    return document_of({**row._asdict(), "aliases": tuple(conn.execute(names).scalars())})


def several(conn: sa.Connection, source: str, keys: Iterable[str]) -> dict[str, Document]:
    """Those of `keys` that are stored, as they are now."""
    found = {}
    for some in _batches(keys):
        for row in conn.execute(sa.select(documents).where(documents.c.source == source, documents.c.key.in_(some))):
            found[row.key] = document_of(row._asdict())
    return found


def cited(conn: sa.Connection, citations: Iterable[str]) -> list[Document]:
    """The stored documents of the Federal Register with these citations ("90 FR 14046"), of whatever source."""
    found: list[Document] = []
    for some in _batches(citations):
        citation = documents.c.details["citation"].as_string()
        found += [document_of(row._asdict()) for row in conn.execute(sa.select(documents).where(citation.in_(some)))]
    return found


def keep(conn: sa.Connection, source: str, key: str, until: datetime) -> None:
    """Keep the present version of a document in `versions`."""
    row = conn.execute(sa.select(documents).where(documents.c.source == source, documents.c.key == key)).one()
    old = document_record(document_of(row._asdict()))
    conn.execute(
        versions.insert().values(
            source=source, key=key, version=row.version, digest=row.digest, document=old, until=until
        )
    )


def dates(conn: sa.Connection, source: str, keys: Iterable[str]) -> list[str]:
    """When these documents were published, where the publisher said so (ISO 8601)."""
    found: list[str] = []
    for some in _batches(keys):
        query = sa.select(documents.c.published).where(
            documents.c.source == source, documents.c.key.in_(some), documents.c.published.is_not(None)
        )
        found += conn.execute(query).scalars()
    return found


def _row(document: Document, at: datetime) -> dict[str, object]:
    record = document_record(document)
    del record["aliases"]  # they stand in a table of their own
    return {**record, "version": 1, "digest": digest(document), "first_seen_at": at, "changed_at": at}


def _add_aliases(conn: sa.Connection, found: Sequence[Document]) -> None:
    wanted = {(d.source, alias): d.key for d in found for alias in d.aliases}
    if not wanted:
        return
    source = found[0].source
    there = owners(conn, source, [alias for _, alias in wanted])
    rows = [{"source": s, "alias": a, "key": key} for (s, a), key in wanted.items() if a not in there]
    if rows:
        conn.execute(aliases.insert(), rows)


def _batches(values: Iterable[str]) -> Iterable[list[str]]:
    all_values = list(values)
    return (all_values[i : i + BATCH] for i in range(0, len(all_values), BATCH))


def read_since(conn: sa.Connection, moment: datetime) -> tuple[int, int]:
    """How many documents were first seen since a moment, and how many of them are in stories about chips."""
    read = sa.select(sa.func.count()).select_from(documents).where(documents.c.first_seen_at >= moment)
    about = sa.select(sa.func.count()).select_from(members).where(members.c.joined_at >= moment)
    return conn.execute(read).scalar_one(), conn.execute(about).scalar_one()
