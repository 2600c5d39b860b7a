"""What is kept for how long: old versions and revisions, the texts of old documents, old stories, ended deliveries,
operators' notices. In small steps, so that nobody waits for the cleaning. The evidence has a term of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from bot.model import Op
from bot.store.deliveries import COMING, DONE, FAILED
from bot.store.schema import (
    alerts,
    changes,
    corrections,
    deliveries,
    documents,
    gatherings,
    letters,
    members,
    notices,
    reports,
    stories,
    story_words,
    tellings,
    versions,
)

STEP = 5_000


def clean(conn: sa.Connection, before: Mapping[str, datetime], step: int = STEP) -> int:
    """Delete what is older than its moment in `before`: `documents`, `versions`, `deliveries`; how many rows, at most
    `step` of a kind, so that the caller comes again while there are as many.

    A document stays known by its key, or it would come as news again: its text goes. The post of a story that has grown
    since stays, because later edits need to know where it stands. A story goes as its documents do, once no channel has
    a row of it; one that was reported or corrected stays.
    """
    done = _old_versions(conn, before["versions"], step) + _old_revisions(conn, before["versions"], step)
    done += _old_stories(conn, before["documents"], step)
    done += _old_texts(conn, before["documents"], step)
    done += _old_deliveries(conn, before["deliveries"], step)
    for table, column in ((changes, changes.c.at), (notices, notices.c.at)):
        old = sa.select(table.c.id).where(column < before["documents"]).limit(step)
        done += conn.execute(table.delete().where(table.c.id.in_(old))).rowcount
    for table, column in ((letters, letters.c.at), (tellings, tellings.c.born_at)):
        settled = (table.c.due_at.is_(None), column < before["deliveries"])
        done += conn.execute(table.delete().where(*settled)).rowcount
    return done


def _old_versions(conn: sa.Connection, before: datetime, step: int) -> int:
    """Versions that were replaced before then."""
    key = sa.tuple_(versions.c.source, versions.c.key, versions.c.version)
    old = sa.select(versions.c.source, versions.c.key, versions.c.version).where(versions.c.until < before).limit(step)
    return conn.execute(versions.delete().where(key.in_(old))).rowcount


def _old_revisions(conn: sa.Connection, before: datetime, step: int) -> int:
    """What stories said before they said something newer, where no channel waits for it any more."""
    newer = sa.exists().where(stories.c.id == alerts.c.story, stories.c.revision > alerts.c.number)
    waits = sa.exists().where(deliveries.c.story == alerts.c.story, deliveries.c.state.in_(COMING))
    key = sa.tuple_(alerts.c.story, alerts.c.number)
    old = sa.select(alerts.c.story, alerts.c.number).where(alerts.c.at < before, newer, ~waits).limit(step)
    return conn.execute(alerts.delete().where(key.in_(old))).rowcount


def _old_stories(conn: sa.Connection, before: datetime, step: int) -> int:
    """Stories that ended before then, with their members and what they said."""
    merged = stories.alias("merged")
    kept = [sa.exists().where(table.c.story == stories.c.id) for table in (deliveries, corrections, reports)] + [
        sa.exists().where(merged.c.merged_into == stories.c.id)
    ]
    query = sa.select(stories.c.id).where(stories.c.grew_at < before, ~stories.c.archive, ~sa.or_(*kept)).limit(step)
    ids = list(conn.execute(query).scalars())
    done = 0
    for table in (story_words, members, alerts):
        done += conn.execute(table.delete().where(table.c.story.in_(ids))).rowcount
    return done + conn.execute(stories.delete().where(stories.c.id.in_(ids))).rowcount


def _old_texts(conn: sa.Connection, before: datetime, step: int) -> int:
    """The texts of documents that are in no story."""
    told = sa.exists().where(members.c.source == documents.c.source, members.c.key == documents.c.key)
    key = sa.tuple_(documents.c.source, documents.c.key)
    old = sa.select(documents.c.source, documents.c.key).where(
        documents.c.changed_at < before, documents.c.summary != "", ~told
    )
    return conn.execute(documents.update().where(key.in_(old.limit(step))).values(summary="")).rowcount


def _old_deliveries(conn: sa.Connection, before: datetime, step: int) -> int:
    later = deliveries.alias("later")
    grown = sa.exists().where(
        later.c.story == deliveries.c.story,
        later.c.subscription == deliveries.c.subscription,
        later.c.created_at >= before,
    )
    old = sa.select(deliveries.c.id).where(
        deliveries.c.created_at < before,
        deliveries.c.state.in_((*FAILED, *DONE)),
        deliveries.c.publish_at.is_(None),
        sa.or_(deliveries.c.op != Op.POST.value, ~grown),
    )
    done = conn.execute(deliveries.delete().where(deliveries.c.id.in_(old.limit(step)))).rowcount
    empty = ~sa.exists().where(deliveries.c.gathering == gatherings.c.id)
    gone = sa.select(gatherings.c.id).where(gatherings.c.opened_at < before, gatherings.c.closed_at.is_not(None), empty)
    return done + conn.execute(gatherings.delete().where(gatherings.c.id.in_(gone.limit(step)))).rowcount
