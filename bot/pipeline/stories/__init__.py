"""Which documents tell the same happening, decided one document at a time and the same on every machine."""

from __future__ import annotations

from bot.pipeline.stories.fingerprint import Fingerprint, fingerprint
from bot.pipeline.stories.index import MEMORY_DAYS, TIMELESS, Placement, StoryIndex, story_id
from bot.pipeline.stories.merge import Seated, changed_facts, head_of, merge_facts, rises

__all__ = [
    "MEMORY_DAYS",
    "TIMELESS",
    "Fingerprint",
    "Placement",
    "Seated",
    "StoryIndex",
    "changed_facts",
    "fingerprint",
    "head_of",
    "merge_facts",
    "rises",
    "story_id",
]
