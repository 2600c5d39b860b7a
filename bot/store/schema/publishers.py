"""What publishers said: sources and their state, documents with their versions and changes, parties of lists, dates."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.schema.columns import Instant, table

sources = table(
    "sources",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("baseline_at", Instant, comment="when the first good poll was stored; NULL: not yet"),
    sa.Column("next_poll_at", Instant),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("validators", sa.JSON, nullable=False, default=dict, comment="ETag and Last-Modified by request"),
    sa.Column("body_hash", sa.Text, comment="of the last answers that were read, all pages"),
    sa.Column("window", sa.JSON, nullable=False, default=list, comment="the keys of the last good reading"),
    sa.Column("cursor", sa.JSON, comment="where the next poll goes on; NULL: nowhere in particular"),
    sa.Column("last_attempt_at", Instant),
    sa.Column("last_success_at", Instant),
    sa.Column("last_change_at", Instant),
    sa.Column("retry_at", Instant, comment="the publisher asked to be left alone until then"),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
    sa.Column("failing_since", Instant),
    sa.Column("notified_at", Instant, comment="when operators were told of the present outage"),
    sa.Column("stale_since", Instant, comment="when the silence was first noticed; NULL: not stale"),
    sa.Column("error", sa.Text),
    sa.Column("error_detail", sa.Text),
    sa.Column("held_id", sa.Integer, comment="the held change that waits for an operator"),
)

added_sources = table(
    "added_sources",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False, comment="its table, as TOML"),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
)

paused_sources = table(
    "paused_sources",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("paused_at", Instant, nullable=False),
    sa.Column("paused_by", sa.Text, nullable=False),
)

documents = table(
    "documents",
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("published", sa.Text, comment="ISO 8601; a date without a time stays a date"),
    sa.Column("updated", sa.Text),
    sa.Column("summary", sa.Text, nullable=False, default=""),
    sa.Column("language", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False, default=dict),
    sa.Column("baseline", sa.Boolean, nullable=False, default=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_documents_url", "url"),
)

aliases = table(
    "aliases",
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("alias", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Index("ix_aliases_alias", "alias"),
)

versions = table(
    "versions",
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("document", sa.JSON, nullable=False, comment="the document as it was"),
    sa.Column("until", Instant, nullable=False, comment="when the next version was found"),
)

changes = table(
    "changes",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("added", sa.Integer, nullable=False, default=0),
    sa.Column("removed", sa.Integer, nullable=False, default=0),
    sa.Column("changed", sa.Integer, nullable=False, default=0),
    sa.Column("assessment", sa.JSON, nullable=False),
    sa.Column("story", sa.Text),
    sa.Column("detail", sa.JSON, comment="the rows of a list or the redline of a text"),
    sa.Index("ix_changes_source_key", "source", "key"),
    sa.Index("ix_changes_at", "at"),
)

parties = table(
    "parties",
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("roll", sa.Text, primary_key=True, comment="the short code of the list: EL, MEU, UVL, DPL"),
    sa.Column("key", sa.Text, primary_key=True, comment="the name, folded: rows of one name are one party"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("aliases", sa.Text, nullable=False, comment="a line each"),
    sa.Column("countries", sa.Text, nullable=False, comment="a line each"),
    sa.Column("requirement", sa.Text, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("footnotes", sa.Text, nullable=False),
    sa.Column("notice", sa.Text, nullable=False),
    sa.Column("since", sa.Text, nullable=False),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("places", sa.Text, nullable=False, comment="a digest of the addresses"),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("seen_at", Instant, nullable=False, comment="when this state of the row was first read"),
)

held = table(
    "held",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("keys", sa.JSON, nullable=False, comment="what was held: an operator's word covers just this"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Column("resolution", sa.Text, comment="released, dropped or passed"),
    sa.Column("used_at", Instant, comment="when the operator's word was used up, or came too late"),
)

held_documents = table(
    "held_documents",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False, default=""),
    sa.Column("resolved_at", Instant),
    sa.Column("resolution", sa.Text, comment="released or dropped"),
    sa.UniqueConstraint("source", "key"),
)

deadlines = table(
    "deadlines",
    sa.Column("document", sa.Text, primary_key=True, comment="its name in a public register, else source and key"),
    sa.Column("due", sa.Text, primary_key=True, comment="effective, compliance, comments or expires"),
    sa.Column("day", sa.Text, nullable=False, comment="YYYY-MM-DD"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("story", sa.Text),
    sa.Column("about", sa.JSON, nullable=False, comment="words, contradicts, chips, destinations, kind"),
    sa.Index("ix_deadlines_day", "day"),
)
