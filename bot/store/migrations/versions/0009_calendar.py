"""Where a source's next poll goes on; the deadlines of documents, and reminders of them."""

import sqlalchemy as sa
from alembic import op

from bot.store.schema import Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cursor", sa.JSON(), nullable=True, comment="where the next poll goes on; NULL: nowhere in particular"
            )
        )
    op.create_table(
        "deadlines",
        sa.Column("document", sa.Text(), nullable=False, comment="its name in a public register, else source and key"),
        sa.Column("due", sa.Text(), nullable=False, comment="effective, compliance, comments or expires"),
        sa.Column("day", sa.Text(), nullable=False, comment="YYYY-MM-DD"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False, comment="words, contradicts, chips, destinations, kind"),
        sa.PrimaryKeyConstraint("document", "due", name=op.f("pk_deadlines")),
    )
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.create_index("ix_deadlines_day", ["day"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subscription", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False, comment="the calendar entry's stable name"),
        sa.Column("days", sa.Integer(), nullable=False, comment="so many days before the entry's day"),
        sa.Column("day", sa.Text(), nullable=False, comment="the entry's day when this was planned, YYYY-MM-DD"),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False, comment="the entry as `upcoming` prints it"),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settlement", sa.Text(), nullable=True, comment="sent, moved or gave_up"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["subscription"], ["subscriptions.id"], name=op.f("fk_reminders_subscription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "subscription", "entry", "days", "day", name=op.f("uq_reminders_subscription_entry_days_day")
        ),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index("ix_reminders_due_at", ["due_at"], unique=False)
