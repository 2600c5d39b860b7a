"""Words in Slack's own writing: & < > escaped exactly once, signs of strangers dead, cut before they are escaped.

Slack has no backslash: what would be a mark (`*`, `_`, `~`, a backtick, `:name:`, `>` at the beginning of a line) is
kept from being one by a character without width beside it. Lengths are counted as the longer of what is known to count:
UTF-16 units of the escaped text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.cards.cutting import ELLIPSIS, cut, cut_rich
from bot.locale.catalogue import catalogue
from bot.locale.rich import Rich, Span, Style

NOTHING = "\u200b"
"""A character without width: it ends a word for Slack and shows nothing."""

LONGEST_LINK = 2000
_MARKS = {Style.BOLD: "*", Style.ITALIC: "_", Style.STRIKE: "~", Style.CODE: "`", Style.PLAIN: ""}
_MARKED = re.compile(r"<([^<>\n]+)>")
"""What Slack makes of words that it recognises: `<#C1|news>`, `<@U1|ada>`, `<!subteam^S1|@team>`, `<!here>`, and
`<http://example.com|example.com>`."""
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_MARK = re.compile(r"[*_~`]")
_UNSAFE_IN_LINK = {ord("|"): "%7C", ord("<"): "%3C", ord(">"): "%3E", ord(" "): "%20", ord('"'): "%22"}
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def escape(text: str) -> str:
    """& < > as Slack wants them, each once."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The inverse of `escape`: what a person typed, as it comes from Slack."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str) -> str:
    """What a person typed into a command or a mention: channels, persons and groups by their ids, addresses as they
    were written, and & < > as themselves. Slack marks what it recognises with < >, and escapes these elsewhere."""
    return unescape(_MARKED.sub(_meant, text))


def _meant(found: re.Match[str]) -> str:
    inner, _, shown = found[1].partition("|")
    if inner.startswith("!subteam^"):
        return inner.removeprefix("!subteam^")
    if inner.startswith("!"):
        return shown or f"@{inner[1:]}"
    if inner.startswith(("#", "@")):
        return inner[1:]
    return shown if shown and inner.endswith((shown, f"{shown}/")) else inner


def length(text: str) -> int:
    """Characters as Slack may count them: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible(text: str) -> str:
    """Text without what obeys instead of being read: control characters, marks that turn the direction of writing, lone
    surrogates. White space of every sort becomes a space."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    if char < " " or "\x7f" <= char <= "\x9f" or char in _TURNS:
        return ""
    return "\ufffd" if "\ud800" <= char <= "\udfff" else char


def literal(text: str) -> str:
    """Words of anybody as mrkdwn that shows just these words."""
    clean = escape(_EMOJI.sub(":" + NOTHING, visible(text)))
    return _MARK.sub(lambda found: found.group() + NOTHING, clean) if _MARK.search(clean) else clean


def plain_text(text: str, limit: int) -> str:
    """Words for a plain text object (labels, headers), escaped and at most `limit` long; `…` where nothing is left."""
    words = " ".join(visible(text).split())
    return _fitted(words, limit) or ELLIPSIS


def _fitted(words: str, limit: int) -> str:
    whole = escape(words)
    if length(whole) <= limit:
        return whole
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(escape(cut(words, middle))) <= limit else (low, middle - 1)
    return escape(cut(words, low)) if low else ""


def mrkdwn(line: Rich, limit: int = 3000, language: str = "en") -> str:
    """A line in mrkdwn, at most `limit` long; empty where it has nothing to read."""
    line = _without_breaks(cut_rich(line, limit))
    whole = _written(line, language)
    if length(whole) <= limit:
        return whole
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        fits = length(_written(cut_rich(line, middle), language)) <= limit
        low, high = (middle, high) if fits else (low, middle - 1)
    return _written(cut_rich(line, low), language) if low else ELLIPSIS


def _without_breaks(line: Rich) -> Rich:
    return tuple(replace(span, text=visible(span.text)) for span in line if span.text)


def _written(line: Rich, language: str) -> str:
    parts: list[str] = []
    for span in line:
        piece = _span(span, language)
        if not piece:
            continue
        marked = span.style is not Style.PLAIN
        before = parts[-1][-1] if parts else " "
        if marked and not before.isspace():
            parts.append(NOTHING)  # a mark counts only at the edge of a word
        parts.append(piece)
        if marked:
            parts.append(NOTHING)
    text = "".join(parts).strip(" " + NOTHING)
    return NOTHING + text if text.startswith("&gt;") else text


def _span(span: Span, language: str) -> str:
    if not span.text.strip():
        return " " if span.text else ""
    lead = " " if span.text[0].isspace() else ""
    trail = " " if span.text[-1].isspace() else ""
    words = span.text.strip()
    link = safe_link(span.url)
    if span.channel.isalnum() and span.channel.isascii():
        inner = f"<#{span.channel}>"
    elif span.moment is not None:
        inner = moment(span.moment, words, language)
    elif span.style is Style.CODE:
        inner = escape(words.replace("`", "'"))
    else:
        inner = literal(words)
    if link is not None and span.moment is None and not span.channel:
        inner = f"<{link}|{escape(words.replace('|', '¦'))}>"
    mark = _MARKS[span.style]
    return f"{lead}{mark}{inner}{mark}{trail}"


def moment(at: datetime, words: str, language: str = "en") -> str:
    """A point in time that each reader sees in a zone of his own; `words` where that cannot be shown."""
    form = "{time}" if words == catalogue(language).form.write_time(at) else "{date_short_pretty}, {time}"
    return f"<!date^{int(at.timestamp())}^{form}|{escape(words.replace('|', '¦'))}>"


def safe_link(url: str | None, limit: int = LONGEST_LINK) -> str | None:
    """An address fit for `<...>`: only http and https, nothing in it that would end the link; None for others."""
    if not url or not url.startswith(("https://", "http://")) or not url.isprintable():
        return None
    address = url.translate(_UNSAFE_IN_LINK).replace("&", "&amp;")
    return address if length(address) <= limit else None
