"""From a story to what it says: a post for a new one, an edit when it grows, and a reply under it when it rises."""

from __future__ import annotations

from datetime import datetime

from bot.model import Op, Revision, Story
from bot.pipeline.stories import rises


def revisions(before: Story | None, after: Story, last: int, at: datetime, withdrawn: bool = False) -> list[Revision]:
    """What channels are to be told. `before` is the story as last told (None: not yet), `last` its last number.

    Growth edits the head in place. A rise (in trust, stage, severity, a turn of direction, a changed binding fact, or a
    document taken back) is told by a reply as well, since nobody is notified of an edit.
    """
    if before is None:
        return [Revision(after, 1, Op.POST, at)]
    rise = rises(before.facts, after.facts) + (("withdrawn",) if withdrawn else ())
    if not rise and _shown(before) == _shown(after):
        return []
    found = [Revision(after, last + 1, Op.EDIT, at, rise)]
    if rise:
        found.append(Revision(after, last + 2, Op.REPLY, at, rise))
    return found


def _shown(story: Story) -> tuple[object, ...]:
    """What of a story stands on its card."""
    members = tuple((m.source, m.key, m.title, m.url, m.trust) for m in story.members)
    facts = story.facts
    labels = (facts.chips, facts.companies, facts.origin, facts.destinations, facts.kind, facts.direction)
    return (members, *labels, facts.trust, facts.severity, facts.stage)
