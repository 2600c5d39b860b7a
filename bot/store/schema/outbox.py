"""What goes out and how it went: the outbox, letters to managers, paces; notices to operators and the audit log."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.schema.columns import Instant, table

gatherings = table(
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

deliveries = table(
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

letters = table(
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

paces = table(
    "paces",
    sa.Column("scope", sa.Text, primary_key=True, comment="platform, or platform/workspace"),
    sa.Column("rate", sa.Float, comment="messages a second, as learned; NULL: as the platform declares"),
    sa.Column("filled_at", Instant, comment="when the bucket is full again: moves on with each message"),
    sa.Column("stopped_until", Instant),
    sa.Column("slowed_at", Instant),
)

notices = table(
    "notices",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("notice", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False, default=""),
    sa.Index("ix_notices_at", "at"),
)

audit = table(
    "audit",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("before", sa.JSON),
    sa.Column("after", sa.JSON),
    sa.Column("workspace", sa.Text, nullable=False, default="", comment="the server or workspace; empty: none"),
)
