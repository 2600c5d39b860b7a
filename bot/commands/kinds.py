"""What the annotations of a command's parameters say: `ChipName`, `Day | None`, `Annotated[str, Text(1, 80)]`.

What arrives: chips as typed (the knowledge finds them in any spelling), places as ISO codes, days as dates, time zones
by their whole names, the rest as its type has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bot.commands.declaration import Kind
from bot.commands.reply import Attachment

LONGEST = 300
"""Characters of a text where the declaration names no bound."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What one parameter takes; the marker inside `Annotated`."""

    kind: Kind
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    many: bool = False


def Text(least: int = 1, most: int = LONGEST) -> Takes:  # noqa: N802  # reads as a type where it stands
    """A text of so many characters."""
    return Takes(Kind.TEXT, least=least, most=most)


def Whole(least: int, most: int) -> Takes:  # noqa: N802
    """A whole number between two bounds."""
    return Takes(Kind.WHOLE, least=least, most=most)


def Number(least: float, most: float) -> Takes:  # noqa: N802
    """A number between two bounds."""
    return Takes(Kind.NUMBER, least=least, most=most)


def Choice(*choices: str) -> Takes:  # noqa: N802
    """One of a few words."""
    return Takes(Kind.CHOICE, choices)


def Choices(*choices: str) -> Takes:  # noqa: N802
    """Several of a few words: a list of a form. Without words any short texts."""
    return Takes(Kind.CHOICE if choices else Kind.TEXT, choices, many=True)


ChipName = Annotated[str, Takes(Kind.CHIP)]
Destination = Annotated[str, Takes(Kind.PLACE)]
Day = Annotated[date, Takes(Kind.DAY)]
Name = Annotated[str, Text(1, 80)]
Words = Annotated[str, Text(1, LONGEST)]
Question = Annotated[str, Text(1, 6000)]
Switch = Annotated[bool, Takes(Kind.SWITCH)]
StoryId = Annotated[str, Takes(Kind.STORY)]
SourceId = Annotated[str, Takes(Kind.SOURCE)]
Link = Annotated[str, Takes(Kind.LINK)]
RoleId = Annotated[str, Takes(Kind.ROLE)]
ChannelId = Annotated[str, Takes(Kind.CHANNEL)]
ZoneName = Annotated[str, Takes(Kind.ZONE, least=1, most=80)]
File = Annotated[Attachment, Takes(Kind.FILE)]
