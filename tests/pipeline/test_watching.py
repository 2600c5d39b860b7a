"""A hit of a private list is told to its owner once: by a letter, or in the message that its channel gets anyway."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot.model import Party
from bot.pipeline import watching
from bot.store import schema, watchlists
from bot.store.watchlists import Owner, OwnerKind
from tests.pipeline.desk import Desk
from tests.pipeline.test_rolls import CHIP_FIRM, FIRMS, poll

NAMES = [("Example Computing Ltd", "supplier"), ("Somebody Else", "")]
HERE = Owner("console", OwnerKind.CHANNEL, "here")


async def letters(desk: Desk, owner: Owner, *more: Party) -> list[Any]:
    """The letters that a new firm on a list leads to, where `owner` watches for it."""
    await desk.store.write(lambda conn: watchlists.add(conn, owner, NAMES, desk.now, "u1"))
    await poll(desk, FIRMS)
    outcome = await poll(desk, (*FIRMS, CHIP_FIRM, *more))
    assert not outcome.failed
    query = sa.select(schema.letters).order_by(schema.letters.c.id)
    return await desk.store.read(lambda conn: list(conn.execute(query)))


async def paused(desk: Desk) -> None:
    rests = schema.subscriptions.update().where(schema.subscriptions.c.channel == "here").values(paused_at=desk.now)
    await desk.store.write(lambda conn: conn.execute(rests))


async def test_a_letter_has_all_that_its_card_shows(one_desk: Desk) -> None:
    (letter,) = await letters(one_desk, Owner("console", OwnerKind.PERSON, "u7"))
    assert (letter.kind, letter.platform, letter.workspace) == ("watched", "console", "")
    hits = letter.facts.pop("hits")
    assert letter.facts == {
        "owner_kind": "person",
        "owner": "u7",
        "list": "EL",
        "title": "Entity List",
        "url": "https://wire.example/list",
        "watched": 2,
    }
    assert [(hit["name"], hit["note"], hit["op"]) for hit in hits] == [("Example Computing", "supplier", "added")]


async def test_a_channel_that_is_told_at_once_sees_its_hits_there_and_gets_no_letter(one_desk: Desk) -> None:
    await one_desk.subscribe("here")
    assert await letters(one_desk, HERE) == []


@pytest.mark.parametrize(
    "order",
    [
        pytest.param({"pace": "daily"}, id="a digest shows no hits"),
        pytest.param({"kinds": ["bill"]}, id="it does not want lists"),
        pytest.param({"chips": "H20"}, id="its order cannot be read"),
        pytest.param(None, id="it has no order"),
    ],
)
async def test_a_channel_that_does_not_see_them_gets_a_letter(one_desk: Desk, order: dict[str, Any] | None) -> None:
    if order is not None:
        await one_desk.subscribe("here", **order)
    (letter,) = await letters(one_desk, HERE)
    assert letter.facts["owner"] == "here"


async def test_a_channel_whose_order_rests_gets_a_letter(one_desk: Desk) -> None:
    await one_desk.subscribe("here")
    await paused(one_desk)
    assert len(await letters(one_desk, HERE)) == 1


async def test_an_order_that_became_unreadable_holds_up_no_list_whose_story_its_channel_has(one_desk: Desk) -> None:
    await one_desk.subscribe("here")
    await letters(one_desk, HERE)
    query = sa.select(schema.deliveries.c.story)
    story = str(await one_desk.store.read(lambda conn: conn.execute(query).scalars().first()))
    assert await one_desk.store.read(lambda conn: watching._told_there(conn, HERE, story, one_desk.now))
    broken = (
        schema.subscriptions.update().where(schema.subscriptions.c.channel == "here").values(order={"chips": "H20"})
    )
    await one_desk.store.write(lambda conn: conn.execute(broken))
    assert not await one_desk.store.read(lambda conn: watching._told_there(conn, HERE, story, one_desk.now))


@pytest.mark.parametrize(("kind", "workspace"), [(OwnerKind.WORKSPACE, "here"), (OwnerKind.CHANNEL, "W")])
async def test_a_letter_knows_the_workspace_whose_language_it_speaks(
    one_desk: Desk, kind: OwnerKind, workspace: str
) -> None:
    await one_desk.subscribe("here", kinds=["bill"])
    of = schema.subscriptions.update().where(schema.subscriptions.c.channel == "here").values(workspace="W")
    await one_desk.store.write(lambda conn: conn.execute(of))
    (letter,) = await letters(one_desk, Owner("console", kind, "here"))
    assert letter.workspace == workspace
