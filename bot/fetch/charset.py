"""Bytes to text. Publishers name their encoding in four places and are wrong in all of them now and then."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from encodings.aliases import aliases
from typing import Final

DECLARED_IN = 1024
"""Bytes at the start in which an XML declaration can stand."""
META_IN = 4096
MOST_STRAY = 5000
"""Stray bytes up to which a body counts as UTF-8 with mistakes; beyond it is taken for Windows-1252 throughout."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
_WIDE: Final = frozenset({"utf_16", "utf_32", "utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"})
# What a label means in practice (WHATWG Encoding Standard, "Names and labels"): the wider of two relatives.
_IN_PRACTICE: Final = {
    "ascii": "cp1252",
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# An allow-list, because Python also calls rot13, punycode (quadratic) and unicode_escape encodings.
_READ: Final = frozenset(
    {
        *("utf_8", *_WIDE, *_IN_PRACTICE.values()),
        *("hz", "cp950", "euc_jp", "euc_jis_2004", "iso2022_jp", "iso2022_kr", "johab"),
        *("koi8_r", "koi8_u", "cp866", "cp437", "mac_roman", "mac_cyrillic"),
        *(f"cp125{n}" for n in range(9)),
        *(f"iso8859_{n}" for n in range(2, 17) if n != 12),
    }
)
_OTHER_NAMES: Final = {
    "utf_8_sig": "utf_8", "unicode_1_1_utf_8": "utf_8", "x_sjis": "shift_jis", "x_gbk": "gbk", "gb_2312_80": "gb2312",
    "x_euc_jp": "euc_jp", "x_cp1252": "cp1252", "x_mac_roman": "mac_roman", "macintosh": "mac_roman",
    "dos_874": "cp874", "windows_874": "cp874", "windows_949": "cp949", "ks_c_5601_1987": "euc_kr", "x_x_big5": "big5",
    "iso_8859_8_i": "iso8859_8", "iso_8859_1": "latin_1", "unicode": "utf_16", "ucs_2": "utf_16", "ucs_4": "utf_32",
}  # fmt: skip

_LABEL = rb"[\"']?\s{0,8}([A-Za-z0-9._:-]{1,40})"
_IN_HEADER = re.compile(r"charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9._:-]{1,40})", re.IGNORECASE | re.ASCII)
_IN_XML = re.compile(rb"\s{0,64}<\?xml[^>]{0,400}?\bencoding\s{0,8}=\s{0,8}" + _LABEL)
_IN_META = re.compile(rb"<meta[^>]{1,400}?charset\s{0,8}=\s{0,8}" + _LABEL, re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(rb"<(?:!doctype\s{1,8}html|html|head|meta|body|title)\b", re.IGNORECASE)


def decode(body: bytes, content_type: str | None = None) -> str:
    """The body as text, without a byte order mark. Never raises; time grows with the length only.

    Believed in this order, each only as long as the whole body bears it out: the `charset` of the header, the byte
    order mark, the XML declaration or HTML meta, then UTF-8, then Windows-1252. Two things outweigh the header because
    they cannot come about by accident: a byte order mark, and valid UTF-8 under a label of Western single bytes.
    """
    mark, bom = next(((mark, codec) for mark, codec in _BOMS if body.startswith(mark)), (b"", None))
    body = body[len(mark) :]
    named = list(dict.fromkeys(_named(body, content_type, bom)))
    for codec in named:
        try:
            return body.decode(codec)
        except (UnicodeDecodeError, ValueError):
            continue
    for codec in named:
        if (text := _nearly(body, codec)) is not None:
            return _mixed(body) if codec == "utf_8" else text
    return _mixed(body)


def codec_of(label: str) -> str | None:
    """The codec that a charset label means in practice, or None for what is no known charset."""
    name = label.strip().lower().replace("-", "_").replace(".", "_").replace(":", "_").replace(" ", "_")
    name = _OTHER_NAMES.get(name, name)
    name = aliases.get(name, name)
    name = _IN_PRACTICE.get(name, name)
    return name if name in _READ else None


def _named(body: bytes, content_type: str | None, bom: str | None) -> Iterator[str]:
    """The codecs worth trying, the most credible first; UTF-8 at the end at the latest."""
    if bom is not None:
        yield bom
    wide = None if bom else _unmarked_wide(body)
    header = _IN_HEADER.search(content_type or "", 0, 2000)
    if wide is not None:
        yield wide  # every second byte is NUL: text of single bytes never looks so
    for codec in (codec_of(header[1]) if header else None, _declared(body, content_type)):
        if codec is None or (codec in _WIDE and _is_narrow(body)):
            continue
        if codec == "cp1252" and not body.isascii():
            yield "utf_8"
        yield f"{codec}_le" if codec in ("utf_16", "utf_32") else codec
    yield "utf_8"


def _declared(body: bytes, content_type: str | None) -> str | None:
    """What the XML declaration or the HTML meta names."""
    found = _IN_XML.match(body, 0, DECLARED_IN)
    if found is None and ("html" in (content_type or "").lower() or _LOOKS_LIKE_HTML.search(body, 0, DECLARED_IN)):
        found = _IN_META.search(body, 0, META_IN)
    return codec_of(found[1].decode("ascii")) if found else None


def _unmarked_wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the NULs of the first two characters stand (`<?`, `{"`)."""
    start = tuple(byte != 0 for byte in body[:4])
    widths: dict[tuple[bool, ...], str] = {
        (False, False, False, True): "utf_32_be",
        (True, False, False, False): "utf_32_le",
        (False, True, False, True): "utf_16_be",
        (True, False, True, False): "utf_16_le",
    }
    return widths.get(start)


def _is_narrow(body: bytes) -> bool:
    """Whether markup or JSON begins byte by byte, so that a label of two or four bytes a sign must be wrong."""
    start = body[:64].lstrip()
    return start[:1] in (b"<", b"{", b"[") and b"\0" not in start[:4]


def _nearly(body: bytes, codec: str) -> str | None:
    """The text when all but a few of its signs can be read (a body cut inside a character, a stray byte)."""
    try:
        text = body.decode(codec, "replace")
    except (UnicodeError, ValueError):
        return None
    return text if text.count("\ufffd") * 100 <= len(text) + 100 else None


def _mixed(body: bytes) -> str:
    """UTF-8 whose stray bytes are read as Windows-1252: what is declared UTF-8 and was pasted or sent as Latin-1."""
    text = body.decode("utf_8", "replace")
    strays = text.count("\ufffd")
    if strays <= MOST_STRAY:
        return body.decode("utf_8", _STRAY)
    valid = (len(body) - len(text)) // 2  # every sign beyond ASCII takes one to three bytes more than it is long
    return text if valid > strays else body.decode("cp1252", "replace")


def _stray(error: UnicodeError) -> tuple[str, int]:
    """A lone byte is a sign of Windows-1252; several are a sign of UTF-8 that was cut or damaged."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    raw = error.object[error.start : error.end]
    return (raw.decode("cp1252", "replace") if len(raw) == 1 else "\ufffd"), error.end


_STRAY: Final = "chipwatch.stray"
codecs.register_error(_STRAY, _stray)
