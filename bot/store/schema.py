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


Word = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that sorts by its bytes on every dialect, so that a beginning can be looked up."""


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

added_sources = _table(
    "added_sources",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False, comment="its table, as TOML"),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
)

paused_sources = _table(
    "paused_sources",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("paused_at", Instant, nullable=False),
    sa.Column("paused_by", sa.Text, nullable=False),
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
    sa.Index("ix_documents_url", "url"),
)

aliases = _table(
    "aliases",
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("alias", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Index("ix_aliases_alias", "alias"),
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
    sa.Column("archive", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    sa.Column("merged_into", sa.Text, comment="the story that its documents stand in since an operator joined the two"),
    sa.Column("retracted_at", Instant, comment="when we said that it was our mistake"),
)

story_words = _table(
    "story_words",
    sa.Column("word", Word, primary_key=True, comment="folded, or a concept of the vocabulary"),
    sa.Column("began_at", Instant, primary_key=True, comment="the story's: what is found comes newest first"),
    sa.Column("story", sa.Text, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Index("ix_story_words_story", "story"),
    sqlite_with_rowid=False,
)

decisions = _table(
    "decisions",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("decision", sa.Text, nullable=False, comment="merge, split or retract"),
    sa.Column(
        "story", sa.Text, nullable=False, comment="merge: what remains; split: what was split; retract: the story"
    ),
    sa.Column("other", sa.Text, comment="merge: what went into it; split: what was split off"),
)

corrections = _table(
    "corrections",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("story", sa.Text, sa.ForeignKey("stories.id"), nullable=False, unique=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("shown_from", Instant, nullable=False),
    sa.Column("channels", sa.Integer, nullable=False),
    sa.Column("reported_by_member", sa.Boolean, nullable=False),
    sa.Column("number", sa.Integer, nullable=False, comment="of the year in which it was made"),
)

reports = _table(
    "reports",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("story", sa.Text, sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("reporter", sa.Text, nullable=False, comment="opaque: whoever asks about it is told, nobody else"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Column("resolution", sa.Text, comment="corrected or dismissed"),
    sa.Index("ix_reports_story", "story"),
)

held_documents = _table(
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
    sa.Column("cluster", sa.Text, comment="the story by whose likeness it was placed, where an operator joined two"),
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
    sa.Column("workspace", sa.Text, nullable=False, default="", comment="the server or workspace; empty: none"),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("order", sa.JSON, nullable=False, comment="what the channel asked for"),
    sa.Column("language", sa.Text, nullable=False, default="en"),
    sa.Column("time_zone", sa.Text, nullable=False, default="UTC"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("paused_at", Instant),
    sa.Column("pause_reason", sa.Text),
    sa.Column("lost", sa.Text, comment="what cannot be reached: channel, workspace or platform; NULL: nothing"),
    sa.Column("lost_at", Instant),
    sa.Column("not_before", Instant, comment="the platform or our own pace lets nothing be posted here until then"),
    sa.UniqueConstraint("platform", "channel"),
    sa.Index("ix_subscriptions_workspace", "platform", "workspace"),
)

workspaces = _table(
    "workspaces",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True, comment="a server of Discord, a team of Slack"),
    sa.Column("name", sa.Text, nullable=False, default=""),
    sa.Column("settings", sa.JSON, nullable=False, default=dict, comment="language, time zone, roles, default order"),
    sa.Column("notices_channel", sa.Text, comment="where managers are told of troubles"),
    sa.Column("added_by", sa.Text),
    sa.Column("fallbacks", sa.JSON, nullable=False, default=list, comment="channels, and person:ID, to tell instead"),
    sa.Column("joined_at", Instant, nullable=False),
    sa.Column("left_at", Instant),
)

followers = _table(
    "followers",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("story", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, nullable=False, default="en"),
    sa.Column("since", Instant, nullable=False),
    sa.Index("ix_followers_story", "story"),
)

tellings = _table(
    "tellings",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("story", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("language", sa.Text, nullable=False, default="en"),
    sa.Column("born_at", Instant, nullable=False),
    sa.Column("due_at", Instant, comment="NULL: told, or given up"),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("outcome", sa.Text),
    sa.UniqueConstraint("platform", "person", "story", "number"),
    sa.Index("ix_tellings_due_at", "due_at"),
)

seen_events = _table(
    "seen_events",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True, comment="the platform's own id of an event, a press or an envelope"),
    sa.Column("at", Instant, nullable=False, index=True),
)

triage_channels = _table(
    "triage_channels",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("workspace", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)

triage_items = _table(
    "triage_items",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("story", sa.Text, primary_key=True),
    sa.Column("workspace", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False, default="", comment="where it stands; empty until it was posted"),
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False, default=""),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False, default="open", comment="open, reviewed, no_action, duplicate, other"),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", Instant),
    sa.Column("assignee", sa.Text),
    sa.Column("due", sa.Text, comment="YYYY-MM-DD"),
    sa.Index("ix_triage_items_workspace", "platform", "workspace", "opened_at"),
)

mutes = _table(
    "mutes",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True, comment="channel or person"),
    sa.Column("whose", sa.Text, primary_key=True),
    sa.Column("story", sa.Text, primary_key=True, comment="empty: all of the channel"),
    sa.Column("until", Instant, comment="NULL: until it is taken back"),
    sa.Column("who", sa.Text, nullable=False, default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_mutes_story", "story"),
)

drafts = _table(
    "drafts",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("whose", sa.Text, nullable=False, comment="opaque: who is making the order"),
    sa.Column("draft", sa.JSON, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
)

ledgers = _table(
    "ledgers",
    sa.Column("digest", sa.Text, primary_key=True, comment="SHA-256 of its content"),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("as_of", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False, comment="when it was first answered from"),
)

evidence = _table(
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

evidence_head = _table(
    "evidence_head",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False, comment="always 1: writers wait on this row"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

gatherings = _table(
    "gatherings",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("subscription", sa.Integer, sa.ForeignKey("subscriptions.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False, comment="digest, quiet, roundup or catch_up"),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("grown_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("closed_at", Instant, comment="nothing more goes in"),
    sa.Column("revision", sa.Integer, nullable=False, default=0, comment="of the message rows that it has had"),
    sa.Index("ix_gatherings_subscription_kind", "subscription", "kind"),
)

deliveries = _table(
    "deliveries",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("story", sa.Text, comment="NULL: a message of its gathering"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("subscription", sa.Integer, sa.ForeignKey("subscriptions.id"), nullable=False),
    sa.Column("platform", sa.Text, nullable=False, default="", comment="the subscription's: claims go by platform"),
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
    sa.Column("gathering", sa.Integer, sa.ForeignKey("gatherings.id"), comment="the message that holds it"),
    sa.Column("about", sa.Text, comment="the story that a reply under a gathering announces"),
    sa.Column("mentioned", sa.Boolean, nullable=False, default=False),
    sa.Column("publish_at", Instant, comment="to be handed on to the channel's followers; NULL: no, or done"),
    sa.Column("trail", sa.JSON, comment="why it waited: [when, what, until when]"),
    # No foreign key to alerts: a row is born with its revision, and a hundred thousand of them would each be checked.
    sa.UniqueConstraint("story", "number", "subscription"),
    sa.Index("ix_deliveries_subscription_story", "subscription", "story"),
    sa.Index("ix_deliveries_gathering", "gathering"),
    sa.Index("ix_deliveries_subscription_sent_at", "subscription", "sent_at"),
)
# The conditions are literals here and in the queries: SQLite uses a partial index for nothing else.
OPEN = deliveries.c.state.in_([sa.literal_column("'due'"), sa.literal_column("'sending'")])
SCHEDULED = deliveries.c.state == sa.literal_column("'scheduled'")
TO_PUBLISH = deliveries.c.publish_at.is_not(None)
sa.Index(
    "ix_deliveries_open",
    deliveries.c.platform,
    deliveries.c.urgency,
    deliveries.c.id,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)
sa.Index(
    "ix_deliveries_open_order",
    deliveries.c.subscription,
    deliveries.c.id,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)
sa.Index("ix_deliveries_scheduled", deliveries.c.due_at, sqlite_where=SCHEDULED, postgresql_where=SCHEDULED)
sa.Index("ix_deliveries_to_publish", deliveries.c.publish_at, sqlite_where=TO_PUBLISH, postgresql_where=TO_PUBLISH)

letters = _table(
    "letters",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("workspace", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, comment="lost or regained"),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("due_at", Instant, comment="NULL: told, or given up"),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("outcome", sa.Text),
    sa.Index("ix_letters_due_at", "due_at"),
)

paces = _table(
    "paces",
    sa.Column("scope", sa.Text, primary_key=True, comment="platform, or platform/workspace"),
    sa.Column("rate", sa.Float, comment="messages a second, as learned; NULL: as the platform declares"),
    sa.Column("filled_at", Instant, comment="when the bucket is full again: moves on with each message"),
    sa.Column("stopped_until", Instant),
    sa.Column("slowed_at", Instant),
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

deadlines = _table(
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

reminders = _table(
    "reminders",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("subscription", sa.Integer, sa.ForeignKey("subscriptions.id"), nullable=False),
    sa.Column("entry", sa.Text, nullable=False, comment="the calendar entry's stable name"),
    sa.Column("days", sa.Integer, nullable=False, comment="so many days before the entry's day"),
    sa.Column("day", sa.Text, nullable=False, comment="the entry's day when this was planned, YYYY-MM-DD"),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("shown", sa.JSON, nullable=False, comment="the entry as `upcoming` prints it"),
    sa.Column("settled_at", Instant),
    sa.Column("settlement", sa.Text, comment="sent, moved or gave_up"),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.UniqueConstraint("subscription", "entry", "days", "day"),
    sa.Index("ix_reminders_due_at", "due_at"),
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
