"""Delivery that waits with a reason: gatherings, mutes, letters to managers, shared paces, what was mentioned."""

import sqlalchemy as sa
from alembic import op

from bot.store.schema import Instant

revision = "0006"
down_revision = "0003"

OPEN = sa.text("state IN ('due', 'sending')")
SCHEDULED = sa.text("state = 'scheduled'")
TO_PUBLISH = sa.text("publish_at IS NOT NULL")


def partial(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    with op.batch_alter_table("subscriptions") as table:
        table.add_column(sa.Column("lost", sa.Text(), nullable=True))
        table.add_column(sa.Column("lost_at", Instant(), nullable=True))
        table.add_column(sa.Column("not_before", Instant(), nullable=True))
    with op.batch_alter_table("workspaces") as table:
        table.add_column(sa.Column("fallbacks", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "gatherings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subscription", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("grown_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["subscription"], ["subscriptions.id"], name=op.f("fk_gatherings_subscription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gatherings")),
    )
    op.create_index("ix_gatherings_subscription_kind", "gatherings", ["subscription", "kind"])
    op.drop_index("ix_deliveries_open", "deliveries")
    op.drop_index("ix_deliveries_open_order", "deliveries")
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint(op.f("fk_deliveries_story_number"), type_="foreignkey")
        table.alter_column("story", existing_type=sa.Text(), nullable=True)
        table.add_column(sa.Column("platform", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("gathering", sa.Integer(), nullable=True))
        table.add_column(sa.Column("about", sa.Text(), nullable=True))
        table.add_column(sa.Column("mentioned", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("publish_at", Instant(), nullable=True))
        table.add_column(sa.Column("trail", sa.JSON(), nullable=True))
        table.create_foreign_key(op.f("fk_deliveries_gathering"), "gatherings", ["gathering"], ["id"])
    op.execute(
        "UPDATE deliveries SET platform ="
        " (SELECT platform FROM subscriptions WHERE subscriptions.id = deliveries.subscription)"
    )
    partial("ix_deliveries_open", ["platform", "urgency", "id"], OPEN)
    partial("ix_deliveries_open_order", ["subscription", "id"], OPEN)
    partial("ix_deliveries_scheduled", ["due_at"], SCHEDULED)
    partial("ix_deliveries_to_publish", ["publish_at"], TO_PUBLISH)
    op.create_index("ix_deliveries_gathering", "deliveries", ["gathering"])
    op.create_index("ix_deliveries_subscription_sent_at", "deliveries", ["subscription", "sent_at"])
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_due_at", "letters", ["due_at"])
    op.create_table(
        "paces",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("rate", sa.Float(), nullable=True),
        sa.Column("filled_at", Instant(), nullable=True),
        sa.Column("stopped_until", Instant(), nullable=True),
        sa.Column("slowed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_paces")),
    )
