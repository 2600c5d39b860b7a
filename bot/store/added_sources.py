"""Sources that operators added at run time, and those that they paused, curated ones too."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import added_sources, paused_sources, sources


def add(conn: sa.Connection, id_: str, toml: str, at: datetime, who: str) -> None:
    """Keep the table of a source."""
    conn.execute(added_sources.insert().values(id=id_, source=toml, added_at=at, added_by=who))


def remove(conn: sa.Connection, id_: str) -> str | None:
    """Take a source away; its table, None where none of this id was added. What was read of it stays."""
    toml = conn.execute(sa.select(added_sources.c.source).where(added_sources.c.id == id_)).scalar()
    conn.execute(added_sources.delete().where(added_sources.c.id == id_))
    return str(toml) if toml is not None else None


def tables(conn: sa.Connection) -> dict[str, str]:
    """The added tables as TOML, by id, in the order of adding."""
    query = sa.select(added_sources.c.id, added_sources.c.source).order_by(added_sources.c.added_at, added_sources.c.id)
    return {row.id: row.source for row in conn.execute(query)}


def pause(conn: sa.Connection, id_: str, at: datetime, who: str) -> bool:
    """Stop polling a source; False where it was paused already."""
    if id_ in paused(conn):
        return False
    conn.execute(paused_sources.insert().values(id=id_, paused_at=at, paused_by=who))
    return True


def resume(conn: sa.Connection, id_: str, at: datetime) -> bool:
    """Poll a source again, at once; False where it was not paused."""
    gone = conn.execute(paused_sources.delete().where(paused_sources.c.id == id_)).rowcount
    conn.execute(sources.update().where(sources.c.id == id_).values(next_poll_at=at))
    return bool(gone)


def paused(conn: sa.Connection) -> dict[str, datetime]:
    """The paused sources, with when that was."""
    query = sa.select(paused_sources.c.id, paused_sources.c.paused_at)
    return {row.id: row.paused_at for row in conn.execute(query)}
