"""Names of parties, folded: what makes two spellings the same name, and which sound alike in another transcription."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from bot.knowledge.folding import CJK_FROM

LEGAL_FORMS = frozenset((
    "ab", "ag", "ao", "as", "bv", "co", "company", "corp", "corporation", "cv", "doo", "fze", "fzco", "fzc", "fzllc",
    "gmbh", "inc", "incorporated", "jsc", "kft", "kg", "lc", "lda", "llc", "llp", "limited", "ltd", "ltda", "nv",
    "oao", "ojsc", "ooo", "oy", "oyj", "pao", "pjsc", "plc", "pte", "pty", "pvt", "private", "public", "sa", "sarl",
    "sas", "sdn", "bhd", "sl", "spa", "srl", "sro", "the", "tic", "trading", "zao", "and", "of", "et", "de",
))  # fmt: skip
"""Words that say what kind of firm it is: left out where names are compared by what is their own."""

_CHINESE_FORMS = re.compile("有限责任公司|股份有限公司|有限公司|集团|公司|股份")
_WORD = re.compile(r"\w+")
_TRANSCRIPTIONS = {
    "shch": "sh", "tsch": "sh", "sch": "sh", "tch": "ch", "tsh": "ch", "kh": "h", "ph": "f", "zh": "j", "dj": "j",
    "ck": "k", "q": "k", "x": "ks", "ts": "c", "tz": "c", "th": "t", "dh": "d", "gh": "g", "w": "v", "ou": "u",
    "oo": "u", "ee": "i", "ie": "i", "ey": "i", "ye": "i", "iy": "i", "yi": "i", "ij": "i", "ya": "a", "ia": "a",
    "yu": "u", "iu": "u", "yo": "o", "io": "o", "ai": "e", "ei": "e", "y": "i",
}  # fmt: skip
"""How the transcriptions of Russian, Arabic, Persian and Chinese names differ most; the sounds meet in one form."""
_WRITTEN = re.compile("|".join(sorted(_TRANSCRIPTIONS, key=len, reverse=True)))
_TWICE = re.compile(r"([a-z])\1+")
_VOWELS = re.compile(r"(?<=[a-z])h(?![aeiou])")


def name_key(name: str) -> str:
    """What makes a name the same in two rows of a list: case, width of letters and white space do not count."""
    if name.isascii():
        return " ".join(name.lower().split())
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def folded(name: str) -> str:
    """A name as it is looked for: other scripts in Latin letters, accents and punctuation gone, single blanks.

    Chinese keeps its characters, traditional ones as simplified; `spoken` gives them as pinyin.
    """
    text = _simplified(unicodedata.normalize("NFKC", name))
    if not text.isascii():
        text = "".join(char if "\u3400" <= char <= "\u9fff" else _latin(char) for char in text)
    return " ".join(_WORD.findall(text.casefold().replace("'", "").replace("_", " ")))


def core(name: str) -> str:
    """A folded name without the words that only say what kind of firm it is; the name itself where nothing is left."""
    text = folded(name)
    if any(char >= CJK_FROM for char in text):
        return _CHINESE_FORMS.sub("", text) or text
    return " ".join(word for word in text.split() if word not in LEGAL_FORMS) or text


def spoken(name: str) -> str:
    """A name by its sounds, so that one name in two transcriptions is one: Chinese as pinyin, no doubled letters."""
    return sound(core(name))


def sound(text: str) -> str:
    """The sounds of a name that is a `core` already."""
    if not text.isascii():
        text = " ".join("".join(_latin(char) for char in text).casefold().split())
    text = _WRITTEN.sub(lambda found: _TRANSCRIPTIONS[found[0]], text)
    return _VOWELS.sub("", _TWICE.sub(r"\1", text))


@lru_cache(maxsize=8192)
def _latin(char: str) -> str:
    """A character in Latin letters; pinyin for a Chinese one."""
    if char < "\x80":
        return char
    from anyascii import anyascii

    return anyascii(char)


@cache
def _traditional() -> dict[int, str]:
    folder = files("bot.knowledge") / "data" / "vocabulary"
    pairs = tomllib.loads((folder / "folding.toml").read_text(encoding="utf-8"))["simplified"].split()
    return {ord(pair[0]): pair[1] for pair in pairs if len(pair) == 2}


def _simplified(text: str) -> str:
    return text if text.isascii() else text.translate(_traditional())


@cache
def country_spellings() -> Mapping[str, str]:
    """The ISO code of each country by its folded English spellings."""
    table = tomllib.loads((files("bot.knowledge") / "data" / "countries.toml").read_text(encoding="utf-8"))
    spellings: dict[str, str] = {"uae": "AE", "burma": "MM", "turkey": "TR", "macau": "MO", "south korea": "KR"}
    for code, names in table["names"].items():
        for name in (*names, *table["alpha3"].get(code, ()), *table["aliases"].get(code, ())):
            spellings.setdefault(name_key(name).replace(".", ""), code)
    return spellings
