"""One message of a catalogue: a tiny markup with placeholders, read once and filled many times.

Markup: `**bold**`, `*italic*`, `~~removed~~`, `` `code` ``; a backslash takes a mark its meaning. `{name}` stands for
a value, `{name:form}` for a value in a form of `bot.locale.form`; `[[ ... {name} ... ]]` is left out when a value in it
is empty. Values are words of any origin and are never read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.locale.rich import Rich, Span, Style

_TOKEN = re.compile(
    r"\\(?P<literal>.)|(?P<mark>\*\*|~~|\*|`)|(?P<open>\[\[)|(?P<close>\]\])|\{(?P<name>[a-z_]+)(?::(?P<form>[a-z_]+))?\}"
)
_STYLES = {"**": Style.BOLD, "*": Style.ITALIC, "~~": Style.STRIKE, "`": Style.CODE}


@dataclass(frozen=True, slots=True)
class Text:
    """Fixed words."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes, and in which form it is written."""

    name: str
    form: str
    style: Style


@dataclass(frozen=True, slots=True)
class Option:
    """A part that is left out when one of its values is empty."""

    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts if isinstance(part, Place))


Part = Text | Place | Option
Message = tuple[Part, ...]
Writer = Callable[[object, str], str | Rich]
"""Writes a value in a form: `writer(value, form)`; what comes back is plain words or a styled line."""


def message_of(raw: str) -> Message:
    """The message that a catalogue's text means. Raises ValueError for markup or an option that does not end."""
    stack: list[list[Part]] = [[]]
    style = Style.PLAIN
    literal: list[str] = []

    def flush() -> None:
        if literal:
            stack[-1].append(Text("".join(literal), style))
            literal.clear()

    at = 0
    for found in _TOKEN.finditer(raw):
        literal.append(raw[at : found.start()])
        at = found.end()
        if found["literal"]:
            literal.append(found["literal"])
            continue
        if not any(literal):
            literal.clear()
        flush()
        if found["mark"]:
            wanted = _STYLES[found["mark"]]
            if style not in (Style.PLAIN, wanted):
                raise ValueError(f"styles do not nest: {raw!r}")
            style = Style.PLAIN if style is wanted else wanted
        elif found["open"]:
            stack.append([])
        elif found["close"]:
            if len(stack) != 2:
                raise ValueError(f"an option ends that did not begin, or options nest: {raw!r}")
            stack[-2].append(Option(tuple(stack.pop())))
        else:
            stack[-1].append(Place(found["name"], found["form"] or "", style))
    if raw[at:]:
        literal.append(raw[at:])
    flush()
    if style is not Style.PLAIN or len(stack) != 1:
        raise ValueError(f"markup or an option does not end: {raw!r}")
    return tuple(stack[0])


def names_of(message: Message) -> frozenset[str]:
    """The placeholders of a message."""
    return frozenset(_names(message))


def _names(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Place):
            yield part.name
        elif isinstance(part, Option):
            yield from part.names


def fill(message: Message, values: Mapping[str, object], write: Writer) -> Rich:
    """A message with its values, neighbours of one style joined. Raises KeyError for a value that is missing."""
    spans: list[Span] = []
    _fill(message, values, write, spans)
    return tuple(spans)


def _fill(parts: tuple[Part, ...], values: Mapping[str, object], write: Writer, spans: list[Span]) -> None:
    for part in parts:
        if isinstance(part, Text):
            _add(spans, part.text, part.style)
        elif isinstance(part, Place):
            written = write(values[part.name], part.form)
            if isinstance(written, str):
                _add(spans, written, part.style)
                continue
            for span in written:
                restyled = span.style if span.style is not Style.PLAIN else part.style
                if _is_words(span):
                    _add(spans, span.text, restyled)
                elif span.text:
                    spans.append(replace(span, style=restyled))
        elif all(_is_there(values.get(name)) for name in part.names):
            _fill(part.parts, values, write, spans)


def _add(spans: list[Span], text: str, style: Style) -> None:
    """Put words at the end, into the last span where that has the same style and is nothing but words."""
    if not text:
        return
    last = spans[-1] if spans else None
    if last is not None and last.style is style and _is_words(last):
        spans[-1] = Span(last.text + text, style)
    else:
        spans.append(Span(text, style))


def _is_words(span: Span) -> bool:
    """Whether a span is neither link nor moment nor channel."""
    return span.url is None and span.moment is None and not span.channel


def _is_there(value: object) -> bool:
    return value is not None and value != "" and value != () and value != []
