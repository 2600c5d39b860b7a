"""A muted story stays so until somebody takes it back: no mute ever had an end."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("mutes") as table:
        table.drop_column("until")
