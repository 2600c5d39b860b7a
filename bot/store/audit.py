"""Who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.schema import audit


def log(
    conn: sa.Connection, at: datetime, who: str, action: str, subject: str, before: Any = None, after: Any = None
) -> None:
    """Write one line of the audit log, in the transaction of the change itself."""
    conn.execute(audit.insert().values(at=at, who=who, action=action, subject=subject, before=before, after=after))


def lines(conn: sa.Connection, limit: int = 100) -> list[dict[str, Any]]:
    """The newest lines of the audit log, newest first."""
    query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    return [row._asdict() for row in conn.execute(query)]


def of_subjects(conn: sa.Connection, subjects: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """The newest lines about some subjects (`platform:channel`, `platform:workspace`), newest first."""
    query = sa.select(audit).where(audit.c.subject.in_(list(subjects))).order_by(audit.c.id.desc()).limit(limit)
    return [row._asdict() for row in conn.execute(query)]


def forget_all_of(conn: sa.Connection, subject: str) -> int:
    """Erase the lines about a channel or workspace and about what is in it (`subject:story`); how many."""
    within = audit.c.subject.startswith(f"{subject}:", autoescape=True)
    return conn.execute(audit.delete().where(sa.or_(audit.c.subject == subject, within))).rowcount
