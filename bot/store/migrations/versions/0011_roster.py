"""Sources that operators add and pause at run time."""

import sqlalchemy as sa
from alembic import op

from bot.store.schema import Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "added_sources",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_added_sources")),
    )
    op.create_table(
        "paused_sources",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("paused_at", Instant(), nullable=False),
        sa.Column("paused_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paused_sources")),
    )
