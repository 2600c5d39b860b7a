"""What is told: stories, their members and words, what operators decided, what we took back, what was said."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.schema.columns import Instant, Word, table

stories = table(
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

story_words = table(
    "story_words",
    sa.Column("word", Word, primary_key=True, comment="folded, or a concept of the vocabulary"),
    sa.Column("began_at", Instant, primary_key=True, comment="the story's: what is found comes newest first"),
    sa.Column("story", sa.Text, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Index("ix_story_words_story", "story"),
    sqlite_with_rowid=False,
)

decisions = table(
    "decisions",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("decision", sa.Text, nullable=False, comment="merge, split or retract"),
    sa.Column(
        "story", sa.Text, nullable=False, comment="merge: what remains; split: what was split; retract: the story"
    ),
    sa.Column("other", sa.Text, comment="merge: what went into it; split: what was split off"),
)

corrections = table(
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

reports = table(
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

members = table(
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

alerts = table(
    "alerts",
    sa.Column("story", sa.Text, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("op", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("rise", sa.JSON, nullable=False),
    sa.Column("revision", sa.JSON, nullable=False, comment="all that a card is rendered from, in any language"),
)
