"""A screening list against its next version, and names looked up in it: `python benchmarks/parties.py [FILE]`.

FILE is a consolidated list as JSON; without one 25,000 parties are made up.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from bot.fetch.exchange import Answer
from bot.knowledge.vocabulary import vocabulary
from bot.pipeline.account import Account
from bot.pipeline.editor import Editor
from bot.pipeline.intake import Intake
from bot.pipeline.poll import Polled
from bot.sources.kinds.screening_list import ScreeningList
from bot.store import parties
from bot.store import sources as source_states
from bot.store.engine import Store

AT = datetime(2026, 1, 1, tzinfo=UTC)
LABELS = ("Entity List (EL)", "Denied Persons List (DPL)", "Specially Designated Nationals (SDN)")
WORDS = ["Beijing", "Moscow", "Electronic", "Technology", "Aviation", "Institute", "Optical", "Precision", "Trading"]
SYLLABLES = ["ka", "li", "mo", "ren", "shu", "ta", "vo", "xin", "yu", "zha"]


def made_up(number: int, chance: random.Random) -> dict[str, object]:
    own = "".join(chance.choices(SYLLABLES, k=4)).title()
    name = f"{own} {' '.join(chance.sample(WORDS, 2))} Co., Ltd."
    return {
        "source": LABELS[number % 3],
        "id": f"{number:056x}",
        "name": name,
        "alt_names": [name.replace("Co., Ltd.", ""), f"Alias {chance.randrange(10**6)}"],
        "addresses": [{"address": f"No. {number} Road", "city": "Town", "state": None, "country": "CN"}],
        "federal_register_notice": "90 FR 1",
        "start_date": "2025-03-28",
        "license_requirement": "For all items subject to the EAR. (See §744.11 of the EAR).",
        "license_policy": "Presumption of denial.",
    }


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(first: bytes, second: bytes, folder: str) -> None:
    store = await Store.open(f"sqlite:///{folder}/store.db")
    source, intake = ScreeningList(id="csl"), Intake(Editor(), Account(chance=random.Random(1)))
    await store.write(lambda conn: source_states.register(conn, {"csl": "screening_list"}))
    vocabulary()
    idle = peak_mib()
    for number, body in enumerate((first, second)):
        began = time.process_time()
        reading = source.read(Answer("https://list.example", 200, {}, body, AT))
        read = time.process_time() - began
        state = await store.read(lambda conn: source_states.state_of(conn, "csl"))
        assert state is not None
        polled = Polled(source, state, AT + timedelta(days=number), reading, {}, str(number))
        outcome = await store.write(lambda conn, polled=polled: intake.take_in(conn, polled))  # type: ignore[misc]
        took = time.process_time() - began
        counts = [(c.change.document.key, c.change.added, c.change.removed, c.change.changed) for c in outcome.changes]
        verdict = "baseline" if outcome.baseline else f"target 1 s: {'held' if took < 1 else 'MISSED'}; {counts}"
        print(f"{len(body) / 1e6:.0f} MB: {took:.2f} s of one core, {read:.2f} s of it reading  ({verdict})")
    print(f"peak {peak_mib() - idle:.0f} MiB above the idle process (target 150)")
    names = [record["name"] for record in orjson.loads(second)][::50][:500]
    await store.read(lambda conn: parties.find(conn, "nobody of this name", 10))
    times = []
    for name in names:
        began = time.process_time()
        found = await store.read(lambda conn, name=name: parties.find(conn, name, 10))  # type: ignore[misc]
        times.append((time.process_time() - began) * 1000)
        assert found
    times.sort()
    print(f"party: {times[len(times) // 2]:.1f} ms in the middle, {times[len(times) * 19 // 20]:.1f} ms for 19 of 20")
    await store.close()


def main() -> None:
    chance = random.Random(3)
    if len(sys.argv) > 1:
        page = orjson.loads(Path(sys.argv[1]).read_bytes())
        records = page["results"] if isinstance(page, dict) else page
    else:
        records = [made_up(number, chance) for number in range(25_000)]
    later = [record for number, record in enumerate(records) if number % 2000]
    later += [{**records[5], "name": f"New Company {number}"} for number in range(12)]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(orjson.dumps(records), orjson.dumps(later), folder))


if __name__ == "__main__":
    main()
