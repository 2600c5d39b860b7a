"""Changes and drafts say in which server or workspace they were made, so that they are shown and erased with it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for name in ("audit", "drafts"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("workspace", sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(name) as table:
            table.alter_column("workspace", server_default=None)
    op.execute(
        "UPDATE audit SET workspace = COALESCE((SELECT MIN(s.workspace) FROM subscriptions s"
        " WHERE audit.subject = s.platform || ':' || s.channel), '')"
    )
