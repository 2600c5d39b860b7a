"""Brings a store's schema up to date. Alembic is imported only for a store of an older version: it costs a second."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.errors import StoreError
from bot.store import schema

MIGRATIONS = Path(__file__).parent / "migrations"


def head() -> str:
    """The newest revision that this version of Chipwatch knows: the highest number in migrations/versions/."""
    return max(path.name.split("_", 1)[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def current(conn: sa.Connection) -> str | None:
    """The revision of a store; None for an empty one."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def is_current(conn: sa.Connection) -> bool:
    """Whether a store has the schema of this version. Raises StoreError `newer` for one that a newer version wrote."""
    stands = current(conn)
    if stands is not None and stands > head():
        raise StoreError(
            "newer", "the store was written by a newer Chipwatch; upgrade the program, or restore a backup"
        )
    return stands == head()


def upgrade(conn: sa.Connection) -> None:
    """Run the migrations that are missing, all in one transaction; none where another process was quicker.

    An empty database gets the schema as it is today: a test holds that to be what the migrations end with.
    """
    if is_current(conn):
        return
    if not sa.inspect(conn).get_table_names():
        schema.metadata.create_all(conn)
        versions = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))
        versions.create(conn)
        conn.execute(versions.insert().values(version_num=head()))
        return
    migrate(conn)


def migrate(conn: sa.Connection) -> None:
    """Run the migrations, from whatever revision the store has."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
