"""How a command is declared: once, in its own module, for every platform, the command line and the help.

    @command("chip", "status", private=True)
    async def status(ask: Ask, chip: ChipName, destination: Destination, on: Day | None = None) -> Reply: ...

The annotations of the parameters are their kinds; `| None` or a default makes one optional. Descriptions stand in the
catalogues under `command.<group>.<name>.about` and `command.parameter.<parameter>`, or, where a command means
something of its own by it, `command.<group>.<name>.<parameter>`; names are the same everywhere.
"""

from __future__ import annotations

import keyword
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.commands.reply import Reply


_TAKEN = frozenset({"date", "id", "type", "map", "all"})
"""Names that mean something else inside a function; its parameter ends in an underscore."""


class OpenTo(StrEnum):
    """Who may use a command. Adapters hide what they can; the dispatcher decides."""

    EVERYONE = "everyone"
    MANAGERS = "managers"
    OPERATORS = "operators"


class Kind(StrEnum):
    """What a parameter takes: it decides the completion, the parsing and the platform's own kind of option."""

    CHIP = "chip"
    PLACE = "place"
    DAY = "day"
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    STORY = "story"
    SOURCE = "source"
    LINK = "link"
    ROLE = "role"
    CHANNEL = "channel"
    FILE = "file"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `choices` are the values of a `CHOICE`, their labels stand in the catalogues under
    `command.choice.<value>`; `least` and `most` bound numbers and the length of texts; `many` takes several values."""

    name: str
    kind: Kind
    required: bool = True
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    many: bool = False

    @property
    def argument(self) -> str:
        """What the function's own parameter is called: `known_on` for `known-on`, `from_` for `from`."""
        name = self.name.replace("-", "_")
        return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name

    @property
    def completes(self) -> bool:
        """Whether suggestions are made as one types."""
        return self.kind in (Kind.CHIP, Kind.PLACE, Kind.STORY, Kind.SOURCE)


@dataclass(frozen=True, slots=True)
class Command:
    """A declared command. `group` is the top-level name (chip, chipwatch, chipwatch-admin), `name` the verb.

    `private` answers are for the asker alone, with a button to share unless it is `confidential`: then nobody else is
    ever to see it. `action` ones have no verb that could be typed: they are what buttons, lists and forms run.
    """

    group: str
    name: str
    run: Callable[..., Awaitable[Reply]]
    parameters: tuple[Parameter, ...] = ()
    open_to: OpenTo = OpenTo.EVERYONE
    private: bool = True
    action: bool = False
    confidential: bool = False

    @property
    def may_be_shared(self) -> bool:
        """Whether an answer may be repeated for all to see: only what anybody may ask, and what is nobody's own."""
        return self.open_to is OpenTo.EVERYONE and not self.action and not self.confidential

    @property
    def path(self) -> str:
        """`chip.status`: what buttons call it by."""
        return f"{self.group}.{self.name}"

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of a name."""
        return next((each for each in self.parameters if each.name == name), None)
