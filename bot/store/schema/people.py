"""For whom: channels' orders, workspaces, followers, triage, mutes, drafts of orders, watch lists, reminders."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.schema.columns import Instant, table

watch_names = table(
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

subscriptions = table(
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

workspaces = table(
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

followers = table(
    "followers",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("story", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, nullable=False, default="en"),
    sa.Column("since", Instant, nullable=False),
    sa.Index("ix_followers_story", "story"),
)

tellings = table(
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

seen_events = table(
    "seen_events",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True, comment="the platform's own id of an event, a press or an envelope"),
    sa.Column("at", Instant, nullable=False, index=True),
)

triage_channels = table(
    "triage_channels",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("workspace", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)

triage_items = table(
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

mutes = table(
    "mutes",
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True, comment="channel or person"),
    sa.Column("whose", sa.Text, primary_key=True),
    sa.Column("story", sa.Text, primary_key=True),
    sa.Column("who", sa.Text, nullable=False, default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_mutes_story", "story"),
)

drafts = table(
    "drafts",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("whose", sa.Text, nullable=False, comment="opaque: who is making the order"),
    sa.Column("draft", sa.JSON, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    sa.Column("workspace", sa.Text, nullable=False, default="", comment="the server or workspace; empty: none"),
)

reminders = table(
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
