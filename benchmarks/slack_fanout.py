"""`python -m benchmarks.slack_fanout [SECONDS]`: 200 channels at one message a second each, for a minute, against a
local Slack that refuses whatever comes faster than one a second."""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter, process_time

from bot.cards.card import Button, Card
from bot.clock import SystemClock
from bot.delivery.platform import Outgoing
from bot.locale.rich import Span, Style
from bot.platforms.slack.api import Api, OneToken
from bot.platforms.slack.platform import Slack
from tests.fakes.slack import Channel, FakeSlack

CHANNELS = 200
CARD = Card(
    (Span("H20 → China: licences promised, none issued"),),
    marks=(Span("◐ SAID, NOT LAW · company, 3 press reports"),),
    lines=tuple((Span("Law: ", Style.BOLD), Span("unchanged. " * 20)) for _ in range(4)),
    footer=((Span("First seen 04:12 UTC"),),),
    buttons=(Button("Status", "status"), Button("Sources", "sources"), Button("⋯", "menu")),
)


async def run(seconds: float) -> bool:
    async with FakeSlack(pace=1.0) as fake:
        fake.world.add(*(Channel(f"C{number}") for number in range(CHANNELS)))
        clock = SystemClock()
        slack = Slack(Api(OneToken("xoxb-1"), clock, fake.api), clock)
        ends = perf_counter() + seconds

        async def feed(channel: str) -> int:
            sent = 0
            while perf_counter() < ends:
                await slack.send(Outgoing(channel, CARD, f"{channel}-{sent}", {}, workspace="T1"))
                sent += 1
            return sent

        began, used = perf_counter(), process_time()
        counts = await asyncio.gather(*(feed(f"C{number}") for number in range(CHANNELS)))
        took, cpu = perf_counter() - began, process_time() - used
        await slack.close()
        ordered = all(
            [m["metadata"]["event_payload"]["key"] for m in fake.world.messages[f"C{number}"]]
            == [f"C{number}-{each}" for each in range(counts[number])]
            for number in range(CHANNELS)
        )
    print(f"Slack, {CHANNELS} channels: {sum(counts)} messages in {took:.1f} s, {sum(counts) / took:.0f}/s together,")
    print(f"  {min(counts)} to {max(counts)} a channel, {fake.limited} times told to slow down, in order: {ordered},")
    print(f"  {cpu / took:.0%} of a core with the local Slack in the same process")
    return fake.limited == 0 and ordered


if __name__ == "__main__":
    sys.exit(not asyncio.run(run(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)))
