"""What stands behind answers: the ledger's own events here, and the chain of what was said."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.schema.columns import Instant, table

ledgers = table(
    "ledgers",
    sa.Column("digest", sa.Text, primary_key=True, comment="SHA-256 of its content"),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("as_of", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False, comment="when it was first answered from"),
)

evidence = table(
    "evidence",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False, comment="revision or answer"),
    sa.Column("subject", sa.Text, nullable=False, comment="a story's id, or chip>destination"),
    sa.Column("record", sa.Text, nullable=False, comment="what was said, as canonical JSON"),
    sa.Column("previous", sa.Text, nullable=False, comment="hash of the row before"),
    sa.Column("hash", sa.Text, nullable=False, comment="SHA-256 over the row and the hash before"),
    sa.Index("ix_evidence_subject", "subject", "number"),
)

evidence_head = table(
    "evidence_head",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False, comment="always 1: writers wait on this row"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

ledger_events = table(
    "ledger_events",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, nullable=False, comment="as TOML"),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
)

ledger_drafts = table(
    "ledger_drafts",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, nullable=False, comment="as TOML, with what could be read filled in"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("drafted_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Column("resolution", sa.Text),
)

ledger_releases = table(
    "ledger_releases",
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("release", sa.Text, nullable=False, comment="as it was signed"),
    sa.Column("received_at", Instant, nullable=False),
)
