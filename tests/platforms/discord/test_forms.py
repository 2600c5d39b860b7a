"""Windows over the wire: what fits into their fields is what the commands take."""

from datetime import timedelta

from bot.commands.alert.order_words import LONGEST, MOST
from bot.commands.custom_id import pack
from bot.platforms.discord.rights import MANAGE_CHANNELS
from bot.store import drafts
from tests.fakes.discord.world import OWNER
from tests.pipeline.desk import Desk as Feed
from tests.pipeline.desk import news
from tests.platforms.discord.house import words


async def filled(fake, window, text, **who):
    """The answer to a window whose first field is filled in."""
    field = window["components"][0]["component"]
    assert len(text) <= field["max_length"]
    sent = [{"type": 18, "component": {"type": 4, "custom_id": field["custom_id"], "value": text}}]
    said = await fake.interact(5, {"custom_id": window["custom_id"], "components": sent}, **who)
    return words(said.json)


async def test_a_report_as_long_as_its_window_lets_it_be_is_kept(opened, fake, store):
    feed = await Feed(store).open()
    await feed.poll()
    story = (await feed.poll(news("1"))).changes[0].story
    assert story is not None
    window = (await fake.press(pack("report", (("story", story),)))).json["data"]
    assert window["components"][0]["component"]["max_length"] == 1000
    assert "Thank you" in await filled(fake, window, "x" * 1000)


async def test_as_many_words_as_may_be_stand_in_their_window_and_come_back(opened, fake, store):
    listed = [f"{number:02}".ljust(LONGEST, "x") for number in range(MOST)]
    draft = {"order": {"words": listed}, "channel": "200", "language": "en", "time_zone": "UTC"}
    ends = opened.services.clock.now() + timedelta(hours=1)
    id_ = await store.write(lambda conn: drafts.begin(conn, f"discord:{OWNER}", draft, ends))
    button = pack("order_words", (("draft", id_),))
    window = (await fake.press(button, permissions=MANAGE_CHANNELS)).json["data"]
    shown = window["components"][0]["component"]["value"]
    assert shown == ", ".join(listed)
    await filled(fake, window, shown, permissions=MANAGE_CHANNELS)
    kept = await store.read(lambda conn: drafts.one(conn, id_, f"discord:{OWNER}", ends - timedelta(hours=1)))
    assert kept["order"] == {"words": listed}
