"""`chipwatch run` with two tokens: it answers, and what a source publishes arrives in the channel."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from bot.store import subscriptions
from bot.store.engine import Store
from tests.fakes.publisher import Publisher, rss
from tests.fakes.slack import Channel, FakeSlack, User
from tests.platforms.slack.office import command, event, until, words

NEWS = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Wire</title><item>'
    "<title>US lets Nvidia sell H20 chips to China again, licences promised</title>"
    "<link>https://wire.example/h20</link><guid>h20</guid><pubDate>{date}</pubDate></item></channel></rss>"
)


async def test_a_bot_with_two_tokens_answers_and_posts(tmp_path: Path) -> None:
    publisher = Publisher()
    await publisher.start()
    address = publisher.says("feed", rss(2), Content_Type="application/rss+xml")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "one.toml").write_text(
        f'[[source]]\nid = "wire"\nkind = "feed"\nurl = "{address}"\ninterval = 1\n', encoding="utf-8"
    )
    url = f"sqlite:///{tmp_path}/bot.db"
    async with FakeSlack() as slack:
        slack.world.tokens["xapp-1"] = "T1"
        slack.world.add(Channel("C1"), User("U1"))
        (tmp_path / "chipwatch.toml").write_text(
            f'[store]\nurl = "{url}"\n[web]\nport = 0\n[fetch]\nallow_private = ["127.0.0.1"]\n'
            f'[slack]\nbot_token = "xoxb-1"\napp_token = "xapp-1"\napi_url = "{slack.api}"\n',
            encoding="utf-8",
        )
        store = await Store.open(url)
        now = datetime.now(UTC)
        await store.write(lambda conn: subscriptions.add(conn, "slack", "C1", {}, now, "U1", workspace="T1"))
        await store.close()
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--config", str(tmp_path), stderr=asyncio.subprocess.PIPE
        )
        try:
            await until(lambda: slack.sockets, 60)
            payload, answer = command(slack, "H20 China")
            await slack.envelope("slash_commands", payload)
            await until(lambda: slack.responses.get(answer), 30)
            assert "H20" in words(slack.responses[answer][0])
            await until(lambda: publisher.asked["feed"] >= 1, 30)
            publisher.says("feed", NEWS.format(date=format_datetime(now)), Content_Type="application/rss+xml")
            await until(lambda: slack.world.messages["C1"], 60)
            assert "H20" in slack.world.messages["C1"][0]["text"]
            for _ in range(20):  # the post is noted down a moment after it stands
                await slack.envelope("events_api", event("app_home_opened", user="U1", channel="DU1", tab="home"))
                asked = len(slack.world.asked("views.publish"))
                await until(lambda asked=asked: len(slack.world.asked("views.publish")) > asked, 30)
                if "/archives/C1/p" in words(slack.world.homes["T1", "U1"]):
                    break
            home = words(slack.world.homes["T1", "U1"])
            assert "H20" in home
            assert "/archives/C1/p" in home
            bot.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(bot.wait(), 30) == 0
        finally:
            if bot.returncode is None:
                bot.kill()
            assert bot.stderr is not None
            said = (await bot.stderr.read()).decode()
            await publisher.stop()
        assert "Traceback" not in said, said
