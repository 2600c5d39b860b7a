"""The log of everything that the bot said: each revision of an alert, each answer, chained by hashes. Not who asked.

A row's hash covers its number, moment, kind, subject and record, and the hash of the row before: whoever changes one
row must change all that follow. The documents that a row stands on are named with the digest of their content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.clock import iso
from bot.model import Member, Revision
from bot.store.documents import digest
from bot.store.records import document_of, document_record, revision_record
from bot.store.schema import documents, evidence, evidence_head, ledgers, versions

FIRST = "0" * 64
"""What stands as the hash before the first row."""
TOGETHER = 50
"""Documents asked for in one question. The database tries each source with each key: more would be slower again."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the log. `record` is canonical JSON: its bytes are what the hash covers."""

    number: int
    at: datetime
    kind: str
    subject: str
    record: str
    previous: str
    hash: str


_ROW = [evidence.c[name] for name in Row.__slots__]


def canonical(value: Any) -> str:
    """JSON in one form only: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(number: int, at: str, kind: str, subject: str, record: str, previous: str) -> str:
    """The hash of a row (SHA-256, hexadecimal); `at` as ISO 8601 in UTC."""
    body = "\n".join((previous, str(number), at, kind, subject, record))
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def use_ledger(conn: sa.Connection, version: str, digest_: str, as_of: str, at: datetime) -> None:
    """From now on answers come from this ledger: rows name the one that was in use last. Two may be named at one
    moment, and a clock may have been set back: the last that was named is the latest all the same."""
    conn.execute(ledgers.delete().where(ledgers.c.digest == digest_))
    newest = conn.execute(sa.select(sa.func.max(ledgers.c.since))).scalar()
    since = at if newest is None else max(at, newest + timedelta(microseconds=1))
    conn.execute(ledgers.insert().values(digest=digest_, version=version, as_of=as_of, since=since))


def ledger_in_use(conn: sa.Connection) -> dict[str, str]:
    """The ledger that answers come from: `version`, `digest`, `as_of`; empty before any was named."""
    query = sa.select(ledgers.c.version, ledgers.c.digest, ledgers.c.as_of).order_by(ledgers.c.since.desc()).limit(1)
    row = conn.execute(query).first()
    return row._asdict() if row else {}


def log_revision(conn: sa.Connection, revision: Revision, law: Sequence[Mapping[str, Any]]) -> None:
    """Log a revision of an alert, in the transaction that stores it."""
    story = revision.story
    facts = revision_record(revision)["story"]["facts"]
    record = {
        "number": revision.number,
        "op": revision.op.value,
        "rise": list(revision.rise),
        "facts": facts,
        "law": [dict(line) for line in law],
        "ledger": ledger_in_use(conn),
        "documents": _standing_on(conn, story.members),
    }
    _append(conn, revision.at, "revision", story.id, record)


def log_answer(conn: sa.Connection, at: datetime, asked: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Log a status answer: what was asked and what was said, not by whom. A named end user is kept as a digest."""
    question = {name: value for name, value in asked.items() if value is not None}
    if "end_user" in question:
        question["end_user"] = hashlib.sha256(str(question["end_user"]).encode()).hexdigest()
    record = {"asked": question, "said": dict(said), "ledger": ledger_in_use(conn)}
    _append(conn, at, "answer", subject_of(question["chip"], question["destination"]), record)


def subject_of(chip: str, destination: str) -> str:
    """What answers on a chip and a place are filed under."""
    return f"{chip}>{destination}"


def _standing_on(conn: sa.Connection, members: Iterable[Member]) -> list[dict[str, Any]]:
    """The documents of a story with the version and the digest of their content at this moment.

    One question for many sources: a story that a hundred outlets tell is logged anew at each of their reports.
    """
    wanted = sorted({(member.source, member.key) for member in members})
    found: list[dict[str, Any]] = []
    for start in range(0, len(wanted), TOGETHER):
        some = set(wanted[start : start + TOGETHER])
        sources, keys = zip(*some, strict=True)
        query = sa.select(documents).where(documents.c.source.in_(set(sources)), documents.c.key.in_(set(keys)))
        for row in conn.execute(query):
            if (row.source, row.key) in some:
                content = digest(document_of(row._asdict()))
                found.append(
                    {"source": row.source, "key": row.key, "version": row.version, "digest": content, "url": row.url}
                )
    return sorted(found, key=lambda one: (one["source"], one["key"]))


def _append(conn: sa.Connection, at: datetime, kind: str, subject: str, record: Mapping[str, Any]) -> None:
    """Add a row at the end of the chain. Writers wait on the head's row, so that the chain never forks."""
    head = conn.execute(sa.select(evidence_head).with_for_update()).first()
    number, previous = (head.number + 1, head.hash) if head else (1, FIRST)
    text = canonical(record)
    hashed = hash_of(number, str(iso(at)), kind, subject, text, previous)
    row = {"number": number, "at": at, "kind": kind, "subject": subject, "record": text}
    conn.execute(evidence.insert().values(**row, previous=previous, hash=hashed))
    if head:
        conn.execute(evidence_head.update().values(number=number, hash=hashed))
    else:
        conn.execute(evidence_head.insert().values(id=1, number=number, hash=hashed))


def rows(conn: sa.Connection, since: datetime | None = None) -> Iterator[Row]:
    """The log in its order, whole or from a moment on."""
    query = sa.select(*_ROW).order_by(evidence.c.number)
    if since is not None:
        query = query.where(evidence.c.at >= since)
    return (Row(*row) for row in conn.execute(query))


def begins_at(conn: sa.Connection) -> datetime | None:
    """When the log begins; None while nothing has been said."""
    return conn.execute(sa.select(evidence.c.at).order_by(evidence.c.number).limit(1)).scalar()


def last_answer(conn: sa.Connection, chip: str, destination: str, since: datetime, until: datetime) -> Row | None:
    """The last answer on a chip and a place in `[since, until)`."""
    query = (
        sa.select(*_ROW)
        .where(evidence.c.subject == subject_of(chip, destination), evidence.c.at >= since, evidence.c.at < until)
        .order_by(evidence.c.number.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return Row(*row) if row else None


def said(
    conn: sa.Connection, since: datetime, until: datetime, subject: tuple[str, bool] | None, after: int, limit: int
) -> list[Row]:
    """The rows of `[since, until)` in their order, those behind number `after`; of one `subject`, whole (True) or by
    its beginning."""
    query = sa.select(*_ROW).where(evidence.c.at >= since, evidence.c.at < until, evidence.c.number > after)
    if subject is not None:
        text, whole = subject
        query = query.where(
            evidence.c.subject == text if whole else evidence.c.subject.startswith(text, autoescape=True)
        )
    return [Row(*row) for row in conn.execute(query.order_by(evidence.c.number).limit(limit))]


def one(conn: sa.Connection, number: int) -> Row | None:
    """A row by its number."""
    row = conn.execute(sa.select(*_ROW).where(evidence.c.number == number)).first()
    return Row(*row) if row else None


def purge(conn: sa.Connection, before: datetime) -> int:
    """Forget what is older than the retention; how many rows. What remains is still a chain."""
    return conn.execute(evidence.delete().where(evidence.c.at < before)).rowcount


def contents(conn: sa.Connection, wanted: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Every stored version of documents (source, key): the version, its digest, the document."""
    for source, key in sorted(set(wanted)):
        mine = (documents.c.source == source, documents.c.key == key)
        old = (versions.c.source == source, versions.c.key == key)
        query = sa.select(versions.c.version, versions.c.document).where(*old).order_by(versions.c.version)
        found = [(version, document_of(record)) for version, record in conn.execute(query)]
        row = conn.execute(sa.select(documents).where(*mine)).one_or_none()
        found += [(row.version, document_of(row._asdict()))] if row is not None else []
        for version, document in found:
            known = {"source": source, "key": key, "version": version, "digest": digest(document)}
            yield known | {"document": document_record(document)}


def length(conn: sa.Connection) -> int:
    """How many rows the log has."""
    return conn.execute(sa.select(sa.func.count()).select_from(evidence)).scalar_one()
