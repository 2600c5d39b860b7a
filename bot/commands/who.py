"""Who did something, as the store keeps it: the platform and its own id of the person, never a name."""

from __future__ import annotations

from bot.commands.ask import Ask


def is_of_another_workspace(ask: Ask, whose: str) -> bool:
    """Whether an id as `who` gives it is a person's of another workspace. Only Slack's ids (`slack:T1/U1`) say."""
    theirs, mine = whose.removeprefix(f"{ask.where.platform}:").rpartition("/")[0], ask.where.workspace
    return bool(theirs and mine) and theirs.rpartition("/")[2] != mine.rpartition("/")[2]


def who(ask: Ask) -> str:
    """`discord:81384788765712384`: opaque to everybody but the platform."""
    return f"{ask.where.platform}:{ask.person.id}"
