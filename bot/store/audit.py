"""Who changed what, when, from what to what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.schema import audit


def log(
    conn: sa.Connection,
    at: datetime,
    who: str,
    action: str,
    subject: str,
    before: Any = None,
    after: Any = None,
    workspace: str = "",
) -> None:
    """Write one line of the audit log, in the transaction of the change itself. `workspace` is where a channel's change
    was made: it is shown to the managers there and erased with it."""
    row = {"at": at, "who": who, "action": action, "subject": subject, "before": before, "after": after}
    conn.execute(audit.insert().values(**row, workspace=workspace))


_SHOWN = [column for column in audit.c if column.name != "workspace"]


def lines(conn: sa.Connection, limit: int = 100) -> list[dict[str, Any]]:
    """The newest lines of the audit log, newest first."""
    query = sa.select(*_SHOWN).order_by(audit.c.id.desc()).limit(limit)
    return [row._asdict() for row in conn.execute(query)]


def of_place(conn: sa.Connection, platform: str, workspace: str, channel: str, limit: int) -> list[dict[str, Any]]:
    """The newest lines about a workspace and all its channels, or about a channel that is in none, newest first."""
    where = _of_workspace(platform, workspace) if workspace else audit.c.subject == f"{platform}:{channel}"
    query = sa.select(*_SHOWN).where(where).order_by(audit.c.id.desc()).limit(limit)
    return [row._asdict() for row in conn.execute(query)]


def channels_of(conn: sa.Connection, platform: str, workspace: str) -> set[str]:
    """The channels of a workspace in which something was changed."""
    query = sa.select(audit.c.subject).where(_of_workspace(platform, workspace)).distinct()
    return {subject.split(":")[1] for subject in conn.execute(query).scalars()} - {workspace}


def forget_all_of(conn: sa.Connection, subject: str) -> int:
    """Erase the lines about a channel or workspace and about what is in it (`subject:story`); how many."""
    within = audit.c.subject.startswith(f"{subject}:", autoescape=True)
    return conn.execute(audit.delete().where(sa.or_(audit.c.subject == subject, within))).rowcount


def forget_workspace(conn: sa.Connection, platform: str, workspace: str) -> int:
    """Erase the lines about a workspace and what is in it; how many."""
    return conn.execute(audit.delete().where(_of_workspace(platform, workspace))).rowcount


def _of_workspace(platform: str, workspace: str) -> sa.ColumnElement[bool]:
    """An id alone does not name a workspace: two platforms may have the same."""
    there = sa.and_(audit.c.workspace == workspace, audit.c.subject.startswith(f"{platform}:", autoescape=True))
    return sa.or_(there, audit.c.subject == f"{platform}:{workspace}")
