"""Markup of strangers made plain: the only way by which a publisher's text becomes a title or a summary.

Nothing is rendered and nothing is trusted: tags become line breaks or nothing, scripts and styles go with their
content, character references are decoded once. The time is linear in the length of what is read.
"""

from __future__ import annotations

import html
import re

TITLE_LIMIT = 600
SUMMARY_LIMIT = 600
SUMMARY_FLOOR = 300
READ_LIMIT = 20_000
"""Characters of markup that are read for a summary; what comes later would be cut anyway."""

_BLOCKS = """
    address article aside blockquote br caption center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre section summary table tbody
    tfoot thead tr ul
"""
_INLINE = """
    a abbr acronym area audio b base basefont bdi bdo big blink body button canvas cite code col colgroup content data
    datalist del dfn em embed font frame frameset head html i img input ins kbd label link map mark marquee meta meter
    nobr noembed noframes output param picture progress q rp rt ruby s samp select slot small source span strike strong
    sub sup time tt u var video wbr
"""
_SILENT = "script style template noscript iframe object svg math textarea title"
BLOCKS = frozenset(_BLOCKS.split())
INLINE = frozenset(_INLINE.split())
CELLS = frozenset(("td", "th"))
SILENT = frozenset(_SILENT.split())
"""Elements whose content no reader of the page sees as its text."""

_TAGS = BLOCKS | CELLS | INLINE | SILENT
# A tag ends at `>`, or where the next one begins: no attempt looks further, so `<a <a <a` costs only its length.
_MARK = re.compile(r"<(?:!--|(/?)([A-Za-z][A-Za-z0-9]*)((?:[:-][\w:.-]*)?+)([^<>]*+)(>?)|[!?][^<>]*+>?)")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CLOSED_OR_VOID = re.compile(r"</([A-Za-z][A-Za-z0-9]*)\s*>|<(?:br|hr|img|p|li)\b[^<>]*>", re.IGNORECASE)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WINDOWS = {
    ord(bytes([byte]).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_HIGH_RUN = re.compile(f"[\u00c2-\u00f4][\u0080-\u00ff{''.join(map(chr, _WINDOWS))}]+")
_SENTENCE_END = re.compile(r"(?:(?<=[^\W_]{2})|(?<=[)\]%\"”’»]))[.!?][\"”’»)]*(?=\s)|[。！？][」』”）]*")


def looks_like_markup(text: str) -> bool:
    """Whether a text of unstated form is HTML: it closes a known element, has a void one, or a character reference."""
    if "<" in text and any(found[1] is None or found[1].lower() in _TAGS for found in _CLOSED_OR_VOID.finditer(text)):
        return True
    return "&" in text and _REFERENCE.search(text) is not None


def decode_references(text: str) -> str:
    """Character references (`&#8217;`) decoded once; without a semicolon they stay: `?a=1&lang=en` is a link."""
    if "&" not in text:
        return text
    return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)


def text_of_markup(markup: str, *, limit: int = READ_LIMIT) -> str:
    """HTML as plain text: a line a block, blanks collapsed. Reads `limit` characters of it."""
    markup = markup[:limit]
    if "<" not in markup:
        return tidy(decode_references(markup))
    parts: list[str] = []
    place, length = 0, len(markup)
    while place < length:
        found = _MARK.search(markup, place)
        if found is None:
            parts.append(decode_references(markup[place:]))
            break
        parts.append(decode_references(markup[place : found.start()]))
        place = _after_mark(markup, found, parts)
    return tidy("".join(parts))


def _after_mark(markup: str, found: re.Match[str], parts: list[str]) -> int:
    """Adds what a mark stands for and gives the place where the text goes on."""
    name = (found[2] or "").lower()
    if not name:
        if found[0] == "<!--":
            close = markup.find("-->", found.end())
            return len(markup) if close < 0 else close + 3
        return found.end()
    if not found[3] and name not in _TAGS and not found[5]:
        parts.append("<")  # "a <b" in running text, or a name such as List<String that no tag has
        return found.start() + 1
    if name in SILENT and not found[1] and not found[4].endswith("/"):
        end = re.compile(f"</{name}", re.IGNORECASE).search(markup, found.end())
        return len(markup) if end is None else end.start()
    parts.append("\n" if name in BLOCKS else " " if name in CELLS else "")
    return found.end()


def tidy(text: str) -> str:
    """Blanks collapsed, empty lines and invisible control characters dropped, Windows-1252 in C1 positions mended."""
    if not text.isascii():
        text = once_encoded(text)
    text = text.replace("\r", "\n")
    if _UNSEEN.search(text):
        text = _UNSEEN.sub(_seen, text)
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def once_encoded(text: str) -> str:
    """A text that was encoded as UTF-8 twice, read rightly; any other comes back as it is.

    Only runs that read as UTF-8 once more are changed, where they are most of what is not ASCII and one of them can
    hardly be meant: it begins as Western text does when it is read wrongly, holds a control character, or is long.
    A name in capitals before a quotation mark is left alone.
    """
    found = _HIGH_RUN.findall(text)
    runs = {run: _read_again(run) for run in found}
    if 2 * sum(len(run) for run in found if runs[run]) < sum(sign > "\x7f" for sign in text):
        return text
    if not any(again and (run[0] in "ÂÃâ" or len(run) > 3 or _UNSEEN.search(run)) for run, again in runs.items()):
        return text
    return _HIGH_RUN.sub(lambda run: runs[run[0]] or run[0], text)


def _read_again(run: str) -> str:
    try:
        return run.translate(_WINDOWS).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return ""


def _seen(character: re.Match[str]) -> str:
    code = ord(character[0])
    if code in (0x85, 0x2028, 0x2029, 0x0B, 0x0C):
        return "…" if code == 0x85 else "\n"
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "ignore")
    return ""


def stated(value: object, limit: int = 1000) -> str:
    """A text or a whole number of a JSON answer on one line, cut bluntly; anything else is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)[:limit]
    return " ".join((text if text.isascii() and text.isprintable() else tidy(text)).split())


def title_of(text: str, *, markup: bool) -> str:
    """A title on one line, plain, at most `TITLE_LIMIT` characters."""
    if markup:
        text = text_of_markup(text, limit=4 * TITLE_LIMIT)
    elif text.isascii() and text.isprintable():
        text = " ".join(text.split())
        return text if len(text) <= TITLE_LIMIT else cut(text, TITLE_LIMIT, TITLE_LIMIT // 2)
    else:
        text = tidy(text[: 4 * TITLE_LIMIT])
    return cut(" ".join(text.split()), TITLE_LIMIT, TITLE_LIMIT // 2)


def summary_of(text: str, *, markup: bool) -> str:
    """A summary in plain text, a line a block, cut at a sentence between 300 and 600 characters."""
    if markup:
        text = text_of_markup(text)
    elif text.isascii() and text.isprintable():
        text = " ".join(text[:READ_LIMIT].split())
    else:
        text = tidy(text[:READ_LIMIT])
    return cut(text, SUMMARY_LIMIT, SUMMARY_FLOOR)


def cut(text: str, limit: int, floor: int) -> str:
    """The text, or its whole sentences up to `limit` characters; where none ends after `floor`, whole words and `…`."""
    if len(text) <= limit:
        return text
    window = text[:limit]
    end = 0
    for sentence in _SENTENCE_END.finditer(text, floor, limit + 1):
        if sentence.end() <= limit:
            end = sentence.end()
    if end:
        return window[:end]
    blank = max(window.rfind(" ", floor, limit - 2), window.rfind("\n", floor, limit - 2))
    return window[: blank if blank > 0 else _whole_sign(text, limit - 1)].rstrip() + "…"


def _whole_sign(text: str, at: int) -> int:
    """A place at or before `at` that splits no sign from its marks (combining ones, variation selectors, joiners)."""
    import unicodedata

    place = at
    while place > at - 16 and (unicodedata.category(text[place])[0] == "M" or "\u200d" in text[place - 1 : place + 1]):
        place -= 1
    return place
