"""Leases of workers that are dead: freed at start, so that nobody waits for a process that was killed."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from bot.store.schema import deliveries, sources


def free_of_the_dead(conn: sa.Connection, is_dead: Callable[[str], bool]) -> int:
    """End the leases of owners that `is_dead` knows to be gone; how many rows were freed.

    A delivery stays `sending`: whoever takes it looks first whether the platform has it.
    """
    freed = 0
    for table in (sources, deliveries):
        owners = conn.execute(sa.select(table.c.lease_owner).where(table.c.lease_owner.is_not(None)).distinct())
        gone = [owner for owner in owners.scalars() if is_dead(owner)]
        if gone:
            update = table.update().where(table.c.lease_owner.in_(gone))
            freed += conn.execute(update.values(lease_owner=None, lease_until=None)).rowcount
    return freed
