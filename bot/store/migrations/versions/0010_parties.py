"""Parties of the screening lists, private watch lists of names, and what stands beside a change (rows, a redline)."""

import sqlalchemy as sa
from alembic import op

from bot.store.schema import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("detail", sa.JSON(), nullable=True, comment="the rows of a list or the redline of a text")
        )

    op.create_table(
        "parties",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("roll", sa.Text(), nullable=False, comment="the short code of the list: EL, MEU, UVL, DPL"),
        sa.Column("key", sa.Text(), nullable=False, comment="the name, folded: rows of one name are one party"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False, comment="a line each"),
        sa.Column("countries", sa.Text(), nullable=False, comment="a line each"),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("footnotes", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False, comment="a digest of the addresses"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False, comment="when this state of the row was first read"),
        sa.PrimaryKeyConstraint("source", "roll", "key", name=op.f("pk_parties")),
    )
    op.create_table(
        "watch_names",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=False, comment="channel, workspace or person"),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="the name, folded"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_names")),
        sa.UniqueConstraint(
            "platform", "owner_kind", "owner", "key", name=op.f("uq_watch_names_platform_owner_kind_owner_key")
        ),
    )
