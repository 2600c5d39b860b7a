"""Words of any origin as Discord's markdown: escaped exactly once, cut at grapheme borders, times in the reader's zone.

A backslash before a punctuation mark takes it its meaning and is not shown. Mentions are switched off by
`allowed_mentions` in every request; here the marks that begin one are escaped too, so that they read as typed.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from bot.cards.cutting import ELLIPSIS, clean, cut_rich, graphemes
from bot.locale.rich import Rich, Span, Style

URL_LIMIT = 512
"""Code points of a button's address; longer ones are refused, and one of a text would eat the message."""
SPAN_LIMIT = 4000
_NARROW = "\u200b"
"""Between two styled runs: without it `**a**` and `*b*` would make one heap of asterisks."""
_MARKS = {Style.BOLD: "**", Style.ITALIC: "*", Style.STRIKE: "~~"}
_SPECIAL = re.compile(r"[\\*_~`|<>\[\]@]|:(?=\S)")
_AT_START = re.compile(r"^(\s*)([#+-])")
_NUMBER_AT_START = re.compile(r"^(\s*\d+)([.)])")


def markdown(line: Rich, limit: int) -> str:
    """A styled line as markdown of at most `limit` code points; what does not fit is cut with an ellipsis."""
    words = cut_rich(line, limit)
    written = _written(words)
    if len(written) <= limit:
        return written
    least, most = 0, sum(len(span.text) for span in words)
    while least < most:  # escapes and links make a line longer than it reads: find the most that fits
        middle = (least + most + 1) // 2
        least, most = (middle, most) if len(_written(cut_rich(words, middle))) <= limit else (least, middle - 1)
    return _written(cut_rich(words, least)) if least else ""


def fit(text: str, limit: int) -> str:
    """One line of visible text of at most `limit` code points, cut between characters as a reader sees them."""
    seen = clean(text, limit + 1)
    if len(seen) <= limit:
        return seen
    kept, left = [], limit - 1
    for cluster in graphemes(seen):
        if len(cluster) > left:
            break
        kept.append(cluster)
        left -= len(cluster)
    return "".join(kept).rstrip().removesuffix(ELLIPSIS) + ELLIPSIS


def address(url: str | None, limit: int = URL_LIMIT) -> str | None:
    """An address of the web, written so that no mark in it ends a link; None for any other, or one over `limit`."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    # lone surrogates are no text: they become question marks, percent-encoded
    made = quote(url.encode("utf-8", "replace").decode(), safe="/:?#@!$&'*+,;=%~-._")
    return made if len(made) <= limit else None


def escaped(text: str) -> str:
    """Plain words whose marks mean nothing any more. A colon is one where it could begin an address or an emoji."""
    return _SPECIAL.sub(lambda found: "\\" + found.group(), text)


def code_block(text: str, limit: int) -> str:
    """Lines in a block of their own, at most `limit` code points in all; what does not fit is left out by lines."""
    room = limit - len("```\n\n```")
    kept: list[str] = []
    for line in text.replace("`", "ˋ").split("\n"):
        if room < len(line) + 1:
            break
        kept.append(line)
        room -= len(line) + 1
    return "```\n" + "\n".join(kept) + "\n```" if kept else ""


def _written(line: Rich) -> str:
    found: list[str] = []
    styled = False
    for span in line:
        text = _span(span)
        if not text:
            continue
        marked = span.style is not Style.PLAIN
        if marked and styled:
            found.append(_NARROW)
        found.append(text)
        styled = marked and not text[-1].isspace()
    return _harmless_start("".join(found), line)


def _harmless_start(text: str, line: Rich) -> str:
    """A line that begins like a heading, a list or small print is none: only the layout makes those."""
    if not line or line[0].style is not Style.PLAIN:
        return text
    text = _AT_START.sub(r"\1\\\2", text)
    return _NUMBER_AT_START.sub(r"\1\\\2", text)


def _span(span: Span) -> str:
    if span.channel.isdecimal() and span.channel.isascii():
        return f"<#{span.channel}>"
    if span.moment is not None:
        return f"<t:{int(span.moment.timestamp())}:{'f' if len(span.text) > len('00:00 UTC') else 't'}>"
    words = clean(span.text, SPAN_LIMIT)
    before = " " if span.text[:1].isspace() and words else ""
    after = " " if span.text[-1:].isspace() and words else ""
    if not words:
        return " " if span.text.isspace() else ""
    inner = "`" + words.replace("`", "ˋ") + "`" if span.style is Style.CODE else escaped(words)
    url = address(span.url)
    if url is not None:
        inner = f"[{inner}]({url})"
    mark = _MARKS.get(span.style, "")
    return f"{before}{mark}{inner}{mark}{after}"
