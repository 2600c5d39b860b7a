"""Where a source's next poll goes on; documents are found by the names that they have everywhere."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cursor", sa.JSON(), nullable=True, comment="where the next poll goes on; NULL: nowhere in particular"
            )
        )
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index("ix_aliases_alias", ["alias"], unique=False)
