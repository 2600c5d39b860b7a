"""Files in commands, over the wire: an order and a list of names come in; nothing is fetched from anywhere else."""

import json
import re

import pytest

from bot.cards.card import Card, Span
from bot.commands.chipwatch.list import FORMAT
from bot.commands.reply import Attachment, Reply
from bot.platforms.discord.answering import SLOW_BYTES
from bot.platforms.discord.files import MAX_BYTES
from bot.platforms.discord.rights import MANAGE_CHANNELS
from bot.store import subscriptions, watchlists
from bot.store.watchlists import Owner, OwnerKind
from tests.fakes.discord.world import at_path
from tests.fakes.publisher import Publisher
from tests.platforms.discord.house import answered, words

ORDER = json.dumps({"format": FORMAT, "order": {"severity": "high", "trust": "press"}, "language": "de"}).encode()


async def importing(fake, file, command="list", permissions=MANAGE_CHANNELS, **more):
    given = {"do": "import", "file": file, **more}
    return words(await answered(fake, await fake.command("chipwatch", command, given, permissions=permissions)))


async def orders(store):
    return await store.read(subscriptions.active)


async def test_an_exported_order_is_put_in_force(opened, fake, store):
    await importing(fake, fake.upload("chipwatch-order.json", ORDER))
    (order,) = await orders(store)
    assert (order.channel, order.language, order.order["severity"]) == ("200", "de", "high")


async def test_a_list_of_names_is_taken_over(opened, fake, store):
    await importing(fake, fake.upload("names.csv", b"name,note\nInspur,server\nSuma,\n"), "watchlist", whose="channel")
    owner = Owner("discord", OwnerKind.CHANNEL, "200")
    found = await store.read(lambda conn: watchlists.names_of(conn, owner))
    assert [(each.name, each.note) for each in found] == [("Inspur", "server"), ("Suma", "")]


async def test_a_file_that_comes_late_is_in_the_promised_answer(opened, fake, store):
    opened.desk.seconds = 1.0
    said = await importing(fake, fake.upload("chipwatch-order.json", ORDER))
    assert fake.world.posts("PATCH", "/messages/@original")
    assert "components" in said
    assert len(await orders(store)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "{other}/order.json",
        "{own}@evil.example/order.json",
        "http://cdn.discordapp.com/attachments/1/2/order.json",
        "https://cdn.discordapp.com.evil.example/order.json",
        "https://cdn.discordapp.com:8443/order.json",
        "https://me:pw@cdn.discordapp.com/order.json",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
async def test_a_file_on_a_foreign_host_is_not_even_asked_for(opened, fake, store, url):
    publisher = Publisher()
    await publisher.start()
    try:
        own = f"http://127.0.0.1:{fake.port}"
        file = fake.upload("order.json", ORDER, url=url.format(other=publisher.url("").rstrip("/"), own=own))
        said = await importing(fake, file)
    finally:
        await publisher.stop()
    assert "does not lie where it should" in said
    assert fake.world.fetched == []
    assert not publisher.asked
    assert await orders(store) == []


@pytest.mark.parametrize("described", [{}, {"size": 10}])
async def test_a_file_beyond_the_limit_is_refused_whatever_it_is_said_to_be(opened, fake, store, described):
    said = await importing(fake, fake.upload("order.json", ORDER + b" " * MAX_BYTES, **described))
    assert "at most 256 KB" in said
    assert len(fake.world.fetched) == len(described)
    assert await orders(store) == []


async def test_a_file_that_is_gone_is_said_to_be_so(opened, fake, store):
    file = fake.upload("order.json", ORDER)
    fake.world.files.clear()
    assert "could not be fetched" in await importing(fake, file)


async def test_nothing_is_fetched_for_somebody_who_may_not(opened, fake, store):
    assert "manage" in await importing(fake, fake.upload("order.json", ORDER), permissions=0)
    assert fake.world.fetched == []


TOO_LARGE = {"code": 40005, "message": "Request entity too large"}
PARTS = {"en": "Ask for its newest part", "de": "den neuesten Teil", "zh": "最近的部分"}


@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("de", "de"), ("zh-CN", "zh")])
async def test_a_file_larger_than_discord_says_is_not_sent_and_how_to_come_by_it_is_told(
    opened, fake, locale, language
):
    said = await fake.command("chipwatch", "evidence", {}, permissions=MANAGE_CHANNELS, locale=locale, most_bytes=50)
    told = words(await answered(fake, said))
    assert PARTS[language] in told
    assert "evidence from:2" in told
    assert re.search(r"0[.,]1 ?MB", told)
    assert not any(request.files for request in fake.world.requests)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("body", [TOO_LARGE, "<html>413</html>"])
async def test_a_file_that_discord_refuses_for_its_size_is_answered_all_the_same(opened, fake, late, body):
    opened.desk.seconds = 1.0 if late else 0.0
    where = at_path("PATCH", "/messages/@original") if late else at_path("POST", "/callback")
    fake.fault(where, status=413, body=body)
    await fake.command("chipwatch", "evidence", {}, permissions=MANAGE_CHANNELS)
    ((_, told),) = await fake.until(lambda: fake.world.shown)
    assert PARTS["en"] in words(told)
    assert opened.reports[-1][1].startswith("413")


async def test_a_file_that_takes_long_is_promised_first(opened, fake, monkeypatch):
    content = bytes(SLOW_BYTES + 1)
    reply = Reply((Card(title=(Span("x"),)),), files=(Attachment("large.bin", content),), private=True)

    async def answer(*_):
        return reply

    monkeypatch.setattr(opened.desk, "answer", answer)
    said = await fake.command("chipwatch", "evidence", {}, permissions=MANAGE_CHANNELS)
    assert said.json == {"type": 5, "data": {"flags": 64}}
    (late,) = await fake.until(lambda: fake.world.posts("PATCH", "/messages/@original"))
    assert late.files == {"large.bin": content}
