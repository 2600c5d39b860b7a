"""The tables. One schema for SQLite and PostgreSQL; migrations/ brings an older store here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class Instant(sa.types.TypeDecorator[datetime]):
    """A point in time: aware UTC in Python on every dialect.

    SQLite has no type for it: it is text that sorts, read and written here without the driver's detour (three times
    quicker, and every poll reads and writes a handful).
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(26))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None).isoformat(" ", "microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return value.astimezone(UTC)  # type: ignore[no-any-return]  # the driver gives aware datetimes


def _table(name: str, *columns: Any, **options: Any) -> sa.Table:
    return sa.Table(name, metadata, *columns, **options)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sources = _table(
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

documents = _table(
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
)

aliases = _table(
    "aliases",
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("alias", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
)

versions = _table(
    "versions",
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("document", sa.JSON, nullable=False, comment="the document as it was"),
    sa.Column("until", Instant, nullable=False, comment="when the next version was found"),
)

changes = _table(
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

parties = _table(
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

watch_names = _table(
    "watch_names",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("owner_kind", sa.Text, nullable=False, comment="channel, workspace or person"),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False, comment="the name, folded"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
    sa.UniqueConstraint("platform", "owner_kind", "owner", "key"),
)

held = _table(
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

stories = _table(
    "stories",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("grew_at", Instant, nullable=False, index=True),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, default=0),
)

members = _table(
    "members",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("story", sa.Text, sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("joined_at", Instant, nullable=False),
    sa.Column("member", sa.JSON, nullable=False, comment="as a card shows it"),
    sa.Column("assessment", sa.JSON, nullable=False),
    sa.Column("fingerprint", sa.JSON, nullable=False),
    sa.UniqueConstraint("source", "key"),
    sa.Index("ix_members_story", "story"),
    sa.Index("ix_members_joined_at", "joined_at"),
)

alerts = _table(
    "alerts",
    sa.Column("story", sa.Text, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("op", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("rise", sa.JSON, nullable=False),
    sa.Column("revision", sa.JSON, nullable=False, comment="all that a card is rendered from, in any language"),
)

subscriptions = _table(
    "subscriptions",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("order", sa.JSON, nullable=False, comment="what the channel asked for"),
    sa.Column("language", sa.Text, nullable=False, default="en"),
    sa.Column("time_zone", sa.Text, nullable=False, default="UTC"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("paused_at", Instant),
    sa.Column("pause_reason", sa.Text),
    sa.UniqueConstraint("platform", "channel"),
)

deliveries = _table(
    "deliveries",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("story", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("subscription", sa.Integer, sa.ForeignKey("subscriptions.id"), nullable=False),
    sa.Column("op", sa.Text, nullable=False),
    sa.Column("urgency", sa.Integer, nullable=False, comment="the severity's rank: higher goes first"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("first_tried_at", Instant),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("sent_at", Instant),
    sa.Column("message_channel", sa.Text),
    sa.Column("message", sa.Text),
    sa.Column("reason", sa.Text),
    sa.ForeignKeyConstraint(["story", "number"], ["alerts.story", "alerts.number"]),
    sa.UniqueConstraint("story", "number", "subscription"),
    sa.Index("ix_deliveries_subscription_story", "subscription", "story"),
)
# The conditions are literals here and in the queries: SQLite uses a partial index for nothing else.
OPEN = deliveries.c.state.in_([sa.literal_column("'due'"), sa.literal_column("'sending'")])
sa.Index("ix_deliveries_open", deliveries.c.due_at, sqlite_where=OPEN, postgresql_where=OPEN)
sa.Index(
    "ix_deliveries_open_order",
    deliveries.c.subscription,
    deliveries.c.id,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)

notices = _table(
    "notices",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("notice", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False, default=""),
    sa.Index("ix_notices_at", "at"),
)

audit = _table(
    "audit",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("before", sa.JSON),
    sa.Column("after", sa.JSON),
)

ledger_events = _table(
    "ledger_events",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, nullable=False, comment="as TOML"),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
)

ledger_drafts = _table(
    "ledger_drafts",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, nullable=False, comment="as TOML, with what could be read filled in"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("drafted_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Column("resolution", sa.Text),
)

ledger_releases = _table(
    "ledger_releases",
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("release", sa.Text, nullable=False, comment="as it was signed"),
    sa.Column("received_at", Instant, nullable=False),
)
