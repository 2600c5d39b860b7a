"""The register of commands: each declares itself in a module of its own, and is found here by its path."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType, NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from bot.commands.declaration import Command, OpenTo, Parameter
from bot.commands.kinds import Takes
from bot.commands.reply import Reply

Run = Callable[..., Awaitable[Reply]]

GROUPS = ("chip", "chipwatch", "chipwatch-admin", "alert")
"""The top-level names; `alert` has actions only: what the buttons, lists and forms of messages run."""
_FOLDERS = {"chip": "chip", "chipwatch": "chipwatch", "chipwatch-admin": "admin", "alert": "alert"}

_declared: dict[str, Command] = {}


def command(
    group: str,
    name: str,
    *,
    open_to: OpenTo = OpenTo.EVERYONE,
    private: bool = True,
    action: bool = False,
    confidential: bool = False,
) -> Callable[[Run], Run]:
    """Declare a command: its parameters are read off the function's annotations (all but the first, the Ask).

    Raises ValueError for a name that is taken and for a parameter without a kind.
    """

    def declare(run: Run) -> Run:
        made = Command(group, name, run, _parameters(run), open_to, private, action, confidential)
        if made.path in _declared and _declared[made.path].run.__module__ != run.__module__:
            raise ValueError(f"{made.path} is declared twice")
        _declared[made.path] = made
        return run

    return declare


@cache
def every() -> Mapping[str, Command]:
    """All commands by path, in the order of groups and names; each module of the four folders is loaded once."""
    for group in GROUPS:
        package = import_module(f"bot.commands.{_FOLDERS[group]}")
        for module in pkgutil.iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
    ranked = sorted(_declared.values(), key=lambda command: (GROUPS.index(command.group), command.name))
    return MappingProxyType({command.path: command for command in ranked})


def find(path: str) -> Command | None:
    """The command of a path (`chip.status`). A bare name is an action of alerts, else a verb of `chip`: short paths
    keep the values of buttons inside the hundred characters that platforms give them."""
    known = every()
    return known.get(path) or known.get(f"alert.{path}") or known.get(f"chip.{path}")


def verbs(group: str) -> tuple[Command, ...]:
    """The commands of a group that can be typed."""
    return tuple(command for command in every().values() if command.group == group and not command.action)


def _parameters(run: Run) -> tuple[Parameter, ...]:
    hints = get_type_hints(run, include_extras=True)
    found = list(inspect.signature(run).parameters.values())[1:]
    return tuple(_parameter(each, hints[each.name]) for each in found)


def _parameter(each: inspect.Parameter, hint: Any) -> Parameter:
    takes = _takes(hint)
    if takes is None:
        raise ValueError(f"{each.name}: {hint!r} names no kind of parameter")
    name = each.name.rstrip("_").replace("_", "-")
    required = each.default is inspect.Parameter.empty and NoneType not in get_args(hint)
    return Parameter(name, takes.kind, required, takes.choices, takes.least, takes.most, takes.many)


def _takes(hint: Any) -> Takes | None:
    """The marker in `Annotated[..., Takes]`, in `... | None` too."""
    if get_origin(hint) is Annotated:
        return next((mark for mark in get_args(hint)[1:] if isinstance(mark, Takes)), None)
    return next((found for inner in get_args(hint) if (found := _takes(inner))), None)
