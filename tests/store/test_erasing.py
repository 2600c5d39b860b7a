"""A workspace that has left is forgotten whole: no row of any table names it, its channels or its people any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import Severity
from bot.store import audit, erasing, letters, mutes, schema, subscriptions, triage, workspaces
from bot.store.engine import Connection, Store
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import Desk, news


@pytest.fixture
async def desk(store_url):
    store = await Store.open(store_url, scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    yield desk
    await store.close()


def settle_in(conn: Connection, desk: Desk, team: str, channel: str) -> None:
    """All that a workspace can leave behind."""
    now, order = desk.now, {"pace": "daily", "at": "09:00"}
    workspaces.join(conn, "console", team, now, name=f"Server {team}", added_by=f"{team}/U1")
    subscriptions.add(conn, "console", channel, order, now, f"{team}/U1", workspace=team)
    mutes.turn_channel(conn, "console", channel, "some-story", f"console:{team}/U1", now)
    mutes.turn_person(conn, "console", f"{team}/U1", "other-story", now)
    conn.execute(
        schema.followers.insert().values(platform="console", person=f"{team}/U1", story="other-story", since=now)
    )
    letters.write(conn, "console", team, "lost", {"channel": channel}, now)
    triage.switch(conn, "console", team, channel, True, f"{team}/U1", now)
    item = triage.Item("console", channel, "some-story", team, "", "A headline", Severity.HIGH.value, now)
    triage.open_item(conn, item)
    triage.change(conn, item, f"{team}/U1", now, state="reviewed")
    audit.log(conn, now, f"console:{team}/U1", "settings.change", f"console:{team}", {}, {"watch": ["Acme Ltd"]})
    workspaces.change(conn, "console", team, now, {"watch": ["Acme Ltd"]})
    draft = {"id": f"d{team}", "whose": f"console:{team}/U1", "draft": {"channel": channel}}
    conn.execute(schema.drafts.insert().values(**draft, expires_at=now + timedelta(days=1)))
    conn.execute(schema.paces.insert().values(scope=f"console/{team}", stopped_until=now))


async def everything(store: Store) -> dict[str, str]:
    """All rows of each table as text."""
    return await store.read(
        lambda conn: {
            table.name: "\n".join(str(tuple(row)) for row in conn.execute(sa.select(table)))
            for table in schema.metadata.sorted_tables
        }
    )


async def test_nothing_of_a_workspace_that_left_remains_and_the_neighbour_keeps_all(desk):
    post = Post(desk, Chat())
    for team, channel in (("TGONE", "CGONE"), ("TSTAYS", "CSTAYS")):
        await desk.store.write(lambda conn, team=team, channel=channel: settle_in(conn, desk, team, channel))
    await desk.poll(news("a"))
    await post.drain()
    before = await everything(desk.store)
    tables = {name for name, text in before.items() if "GONE" in text}
    assert tables == {
        "audit", "drafts", "followers", "letters", "mutes", "paces", "subscriptions", "triage_channels",
        "triage_items", "workspaces",
    }  # fmt: skip
    assert await desk.count(schema.gatherings) == 2
    await post.presence.left("console", "TGONE")
    post.clock.set(desk.now + timedelta(days=365))
    assert await post.presence.erase() == 1
    after = await everything(desk.store)
    assert {name for name, text in after.items() if "GONE" in text} == set()
    assert await desk.count(schema.gatherings) == 1
    assert after["audit"].count("workspace.erase") == 1
    for name in tables:
        assert [line for line in before[name].splitlines() if "STAYS" in line] == [
            line for line in after[name].splitlines() if "STAYS" in line
        ], name
    left = await desk.store.read(lambda conn: list(conn.execute(sa.select(schema.deliveries.c.subscription)).scalars()))
    there = await desk.store.read(lambda conn: {row.id for row in subscriptions.every(conn)})
    assert set(left) <= there


async def test_what_a_person_keeps_goes_at_once(desk):
    await desk.store.write(lambda conn: settle_in(conn, desk, "T1", "C1"))
    assert await desk.store.write(lambda conn: erasing.person(conn, "console", "T1/U1", desk.now)) == 3
    assert await desk.count(schema.followers) == await desk.count(schema.drafts) == 0
    (line, *_) = await desk.store.read(audit.lines)
    assert (line["action"], line["subject"]) == ("person.erase", "console")
