"""Decisions about stories, corrections, reports, held documents, the archive, and the words that find stories."""

import sqlalchemy as sa
from alembic import op

from bot.store.schema import Instant, Word

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("aliases") as table:
        table.create_index("ix_aliases_alias", ["alias"], unique=False)
    with op.batch_alter_table("stories") as table:
        table.add_column(sa.Column("archive", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(
            sa.Column(
                "merged_into",
                sa.Text(),
                nullable=True,
                comment="the story that its documents stand in since an operator joined the two",
            )
        )
        table.add_column(
            sa.Column("retracted_at", Instant(), nullable=True, comment="when we said that it was our mistake")
        )
    with op.batch_alter_table("members") as table:
        table.add_column(
            sa.Column(
                "cluster",
                sa.Text(),
                nullable=True,
                comment="the story by whose likeness it was placed, where an operator joined two",
            )
        )
    _words_and_decisions()
    _what_people_say()


def _words_and_decisions() -> None:
    op.create_table(
        "story_words",
        sa.Column("word", Word, nullable=False, comment="folded, or a concept of the vocabulary"),
        sa.Column("began_at", Instant(), nullable=False, comment="the story's: what is found comes newest first"),
        sa.Column("story", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name=op.f("fk_story_words_story")),
        sa.PrimaryKeyConstraint("word", "began_at", "story", name=op.f("pk_story_words")),
    )
    with op.batch_alter_table("story_words") as table:
        table.create_index("ix_story_words_story", ["story"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False, comment="merge, split or retract"),
        sa.Column(
            "story",
            sa.Text(),
            nullable=False,
            comment="merge: what remains; split: what was split; retract: the story",
        ),
        sa.Column("other", sa.Text(), nullable=True, comment="merge: what went into it; split: what was split off"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )


def _what_people_say() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("shown_from", Instant(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("reported_by_member", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the year in which it was made"),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name=op.f("fk_corrections_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("story", name=op.f("uq_corrections_story")),
    )
    with op.batch_alter_table("corrections") as table:
        table.create_index("ix_corrections_at", ["at"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False, comment="opaque: whoever asks about it is told, nobody else"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True, comment="corrected or dismissed"),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name=op.f("fk_reports_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    with op.batch_alter_table("reports") as table:
        table.create_index("ix_reports_story", ["story"], unique=False)
    op.create_table(
        "held_documents",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True, comment="released or dropped"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_documents")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_held_documents_source_key")),
    )
