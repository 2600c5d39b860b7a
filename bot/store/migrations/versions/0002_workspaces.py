"""Servers and workspaces: where a channel belongs, what its managers set, and who follows a story."""

import sqlalchemy as sa
from alembic import op

from bot.store.schema import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("subscriptions") as table:
        table.add_column(sa.Column("workspace", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_subscriptions_workspace", "subscriptions", ["platform", "workspace"])
    op.create_table(
        "workspaces",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("notices_channel", sa.Text(), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=True),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.Column("left_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "followers",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "person", "story", name=op.f("pk_followers")),
    )
    op.create_index(op.f("ix_followers_story"), "followers", ["story"])
