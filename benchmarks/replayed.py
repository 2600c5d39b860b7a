"""The recorded news over time, replayed through the store by weights and likeness that never saw the story told.

For each fold the whole recording is replayed: every document is judged by the weights of its own fold, and the stories
are placed with the likeness of the replayed fold. A labelled story counts in the replay of its own fold only.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import train
from bot.app import assemble
from bot.clock import SetClock
from bot.delivery.platform import MessageRef, Outgoing
from bot.fetch.recording import RecordedTransport, Recording
from bot.pipeline.assess.judge import judge
from bot.pipeline.assess.model import Model
from bot.pipeline.replay import replay
from bot.pipeline.stories.likeness import Likeness
from bot.settings import load
from bot.sources.curated import sources_of_recording
from bot.store.engine import Store

Expected = Mapping[str, Mapping[str, Any]]
"""The labels of a document by its address, as the recording's `expected.json` has them."""


@dataclass(slots=True)
class Ledger:
    """What a replay posted: the addresses of each story, and how often it was posted."""

    documents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    posts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Listener:
    """A console that only remembers."""

    name = "console"

    def __init__(self) -> None:
        self.heard = Ledger()

    async def send(self, message: Outgoing) -> MessageRef:
        self.heard.posts[str(message.facts["story"])] += 1
        return await self._hear(message)

    async def edit(self, head: MessageRef, message: Outgoing) -> MessageRef:
        return await self._hear(message)

    async def reply(self, head: MessageRef, message: Outgoing) -> MessageRef:
        return await self._hear(message)

    async def find(self, channel: str, key: str, since: datetime, head: MessageRef | None = None) -> MessageRef | None:
        return None

    async def _hear(self, message: Outgoing) -> MessageRef:
        documents: Any = message.facts["documents"]
        self.heard.documents[str(message.facts["story"])] |= {document["url"] for document in documents}
        return MessageRef(message.channel, message.key)


def figures(
    recording: Path, folds: Mapping[str, int], models: Sequence[Model], likeness: Sequence[Likeness], folds_of: Any
) -> dict[str, float]:
    """The figures of the issue. `folds` gives the fold of a document by its title, `folds_of` that of labels."""
    expected: Expected = json.loads((recording / "expected.json").read_text(encoding="utf-8"))
    heard = [asyncio.run(_replayed(recording, folds, models, likeness[fold])) for fold in range(len(models))]
    relevant = {url for url, labels in expected.items() if labels["relevant"]}
    fold_of = {url: folds_of(labels) for url, labels in expected.items()}
    reached = {
        url for fold, told in enumerate(heard) for urls in told.documents.values() for url in urls
        if fold_of.get(url) == fold
    }  # fmt: skip
    found = {"replay_recall": len(reached & relevant) / len(relevant)}
    found["replay_precision"] = len(reached & relevant) / len(reached)
    stories = defaultdict(set)
    for url in relevant:
        if expected[url]["story"]:
            stories[expected[url]["story"]].add(url)
    found["told_once"] = sum(_told_once(urls, heard[fold_of[min(urls)]]) for urls in stories.values()) / len(stories)
    found["mixing"] = sum(_mixing(told, expected, fold_of, fold) for fold, told in enumerate(heard))
    found["posted_twice"] = sum(number > 1 for told in heard for number in told.posts.values())
    return found


def _told_once(urls: set[str], heard: Ledger) -> bool:
    told = [story for story, documents in heard.documents.items() if documents & urls]
    return len(told) == 1 and heard.posts[told[0]] == 1


def _mixing(heard: Ledger, expected: Expected, fold_of: Mapping[str, int], fold: int) -> int:
    """Alerts of a replay that mix stories of which the first by name is of the replay's own fold."""
    found = 0
    for urls in heard.documents.values():
        names = {expected[url]["story"] or url: url for url in urls if url in expected and expected[url]["relevant"]}
        found += len(names) > 1 and fold_of[names[min(names)]] == fold
    return found


async def _replayed(folder: Path, folds: Mapping[str, int], models: Sequence[Model], likeness: Likeness) -> Ledger:
    recording = Recording.open(folder)
    clock, listener = SetClock(recording.instants[0]), Listener()

    def judged(title: str, *rest: Any, **named: Any) -> Any:
        fold = folds.get(title)
        return judge(title, *rest, **(named | {"model": None if fold is None else models[fold]}))

    with tempfile.TemporaryDirectory(prefix="chipwatch-replayed-") as home:
        store = await Store.open(f"sqlite:///{home}/store.db", scratch=True)
        sources, transport = sources_of_recording(folder / "sources.toml"), RecordedTransport(recording, clock)
        platforms: Any = {"console": listener}
        parts = assemble(load(None, {}), sources, store, transport, clock, platforms, seed=0)
        with patch("bot.pipeline.assess.judge", judged), patch("bot.pipeline.stories.index.shipped", lambda: likeness):
            try:
                await parts.prepare()
                await replay(recording, parts.poller, parts.outbox, clock)
            finally:
                await parts.close()
    return listener.heard


def beside() -> Path | None:
    """The recorded news that lie in a folder beside the checkout, if they do."""
    return next(iter(sorted(train.HERE.parent.parent.glob("*/recordings/news-2019-2026"))), None)
