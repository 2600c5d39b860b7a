"""What a change holds comes with its alert: the rows for everybody, the hits of a watch list for its owner alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards.card import Card, plain
from bot.delivery.platform import MessageRef, Outgoing
from bot.model import Party
from bot.store import watchlists
from bot.store.engine import Store
from bot.store.watchlists import Owner, OwnerKind
from tests.delivery.chat import Chat, Post
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


NAMES = [("Example Computing Ltd", "supplier"), ("Somebody Else", "")]


async def hits_told(desk: Desk, owner: Owner, chat: Chat, after: tuple[Party, ...] = (CHIP_FIRM,)) -> Post:
    await desk.store.write(lambda conn: watchlists.add(conn, owner, NAMES, desk.now, "u1"))
    await poll(desk, FIRMS)
    await poll(desk, (*FIRMS, *after))
    post = Post(desk, chat)
    await post.drain()
    for _ in range(2):
        await post.presence.deliver_letters()
    return post


async def test_a_person_is_told_alone(desk: Desk) -> None:
    chat = Chat()
    await hits_told(desk, Owner("console", OwnerKind.PERSON, "u7"), chat)
    assert [person for person, _ in chat.told] == ["u7"]
    said = "\n".join(plain(line) for line in (chat.told[0][1].title, *chat.told[0][1].lines, *chat.told[0][1].footer))
    for part in ("1 match on Entity List", "Added: “Example Computing”", "supplier", "2 names", "50 % ownership"):
        assert part in said
    assert not any("watch" in title for title in chat.titles("console"))


async def test_a_hit_that_concerns_no_chips_and_is_told_to_nobody_else_reaches_its_owner(desk: Desk) -> None:
    chat = Chat()
    plain_firm = Party("EL", "Somebody Else", countries=("RU",))
    await hits_told(desk, Owner("console", OwnerKind.CHANNEL, "quiet"), chat, (plain_firm,))
    assert [message.channel for _, message in chat.messages] == ["quiet"]
    assert chat.titles("quiet") == ["Your watch list: 1 match on Entity List"]


async def test_a_channel_that_gets_the_alert_gets_no_letter_besides(desk: Desk) -> None:
    chat = Chat()
    await hits_told(desk, Owner("console", OwnerKind.CHANNEL, "console"), chat)
    assert len(chat.titles("console")) == 1


async def test_a_workspace_is_told_in_its_notices_channel_and_in_no_open_one(desk: Desk) -> None:
    chat = Chat()
    post = Post(desk, chat)
    await post.presence.joined("console", "W", "A server", "owner", fallbacks=("general",))
    await hits_told(desk, Owner("console", OwnerKind.WORKSPACE, "W"), chat)
    assert [person for person, _ in chat.told] == ["owner"]
    assert "general" not in {message.channel for _, message in chat.messages}
