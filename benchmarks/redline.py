"""The redline beside difflib over words: `python benchmarks/redline.py`."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from difflib import SequenceMatcher

from bot.redline import Redline, rebuild, redline

TARGET_MS = 50.0


def regulation(paragraphs: int, length: int) -> list[str]:
    chance = random.Random(1)
    common = ["the", "of", "export", "licence", "item", "a", "to", "in", "and", "or"]
    rare = [f"term{number}" for number in range(3000)]
    return [
        f"({at}) " + " ".join(chance.choice(common if chance.random() < 0.5 else rare) for _ in range(length)) + "."
        for at in range(paragraphs)
    ]


def edited(old: list[str], edits: int) -> list[str]:
    """A block of forty paragraphs moved, and so many paragraphs changed, added or removed."""
    chance = random.Random(2)
    at = len(old) // 5
    new = old[:at] + old[at + 40 :]
    new[3 * len(old) // 4 : 3 * len(old) // 4] = old[at : at + 40]
    for number, place in enumerate(sorted(chance.sample(range(len(old) // 2), edits), reverse=True)):
        if number % 3 == 0:
            del new[place]
        elif number % 3 == 1:
            new.insert(place, " ".join(f"new{chance.randrange(10**6)}" for _ in range(100)))
        else:
            new[place] = new[place].replace("licence", "5,200", 1)
    return new


def best(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of one core for the fastest of some rounds; other programs on the machine do not count."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1000


def counts(change: Redline) -> str:
    page = change.json()
    return f"+{page['added']} -{page['removed']} ~{page['changed']} moved {page['moved']}"


def main() -> None:
    for paragraphs, length in ((2600, 130), (20_000, 16)):
        old = regulation(paragraphs, length)
        before, after = "\n\n".join(old), "\n\n".join(edited(old, 60))
        change = redline(before, after)
        assert rebuild(before, change) == after
        took = best(lambda before=before, after=after: redline(before, after), 7)  # type: ignore[misc]
        print(f"redline, {len(before) / 1e6:.2f} MB in {paragraphs} paragraphs: {took:6.1f} ms  {counts(change)}"
              f"  (target {TARGET_MS:.0f} ms: {'held' if took < TARGET_MS else 'MISSED'})")  # fmt: skip
    old = regulation(60, 130)
    new = edited([*old, *regulation(60, 130)[::-1]], 6)
    before, after = "\n\n".join(old), "\n\n".join(new)
    ours = best(lambda: redline(before, after), 3)
    theirs = best(lambda: SequenceMatcher(None, before.split(), after.split(), autojunk=False).get_opcodes(), 1)
    print(
        f"{len(before) / 1e6:.2f} MB: redline {ours:.1f} ms, difflib over words {theirs:.1f} ms ({theirs / ours:.0f} x)"
    )


if __name__ == "__main__":
    main()
