"""What a change holds comes with its alert: the rows for everybody, the hits of a watch list for its owner alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards.card import Card, plain
from bot.delivery.platform import MessageRef, Outgoing
from bot.store import watchlists
from bot.store.engine import Store
from bot.store.watchlists import Owner, OwnerKind
from tests.delivery.test_outbox import Chat, Post
from tests.pipeline.desk import Desk
from tests.pipeline.test_rolls import CHIP_FIRM, FIRMS, poll


class Reader(Chat):
    """A platform that keeps the cards."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, Card] = {}

    async def _take(self, op: str, message: Outgoing) -> MessageRef:
        self.cards[message.channel] = message.card
        return await super()._take(op, message)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = await Store.open(f"sqlite:///{tmp_path}/store.db", scratch=True)
    yield await Desk(store).open()
    await store.close()


async def test_an_alert_of_a_list_shows_hits_to_the_channel_that_keeps_the_list(desk: Desk) -> None:
    await desk.subscribe("private")
    owner = Owner("console", OwnerKind.CHANNEL, "private")
    names = [("Example Computing Ltd", ""), ("Somebody Else", "")]
    await desk.store.write(lambda conn: watchlists.add(conn, owner, names, desk.now, "u1"))
    await poll(desk, FIRMS)
    await poll(desk, (*FIRMS, CHIP_FIRM))
    reader = Reader()
    assert await Post(desk, reader).drain() == ["sent", "sent"]
    lines = {channel: [plain(line) for line in card.lines] for channel, card in reader.cards.items()}
    assert plain(reader.cards["console"].title) == "Entity List: +1, none removed, none changed (1 China)"
    (hit,) = (line for line in lines["private"] if line.startswith("Your list"))
    assert "2 names" in hit
    assert "Example Computing" in hit
    assert not any("Your list" in line or "Somebody" in line for line in lines["console"])
    assert [line for line in lines["private"] if line != hit] == lines["console"]
