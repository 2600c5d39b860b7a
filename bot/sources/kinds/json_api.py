"""Any service that answers with a list in JSON: JMESPath (jmespath.org) says where its entries and their parts lie."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import Field, SecretStr, field_validator

from bot.clock import Moment
from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Document, State
from bot.sources.base import Reading, Source
from bot.sources.canonical import canonical_link
from bot.sources.challenge import refuse_challenge
from bot.sources.kinds.feed import absolute, language_of
from bot.sources.plain_text import looks_like_markup, summary_of, title_of
from bot.sources.syndication.dates import moment_from

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult  # type: ignore[import-untyped]

LONGEST_EXPRESSION = 500
MOST_ENTRIES = 5000
PATIENCE = timedelta(minutes=1)
"""How long a service is left alone that says "too many requests" without saying for how long."""

_TOO_OFTEN = re.compile(r"limit requests|rate limit|too many requests|slow down|quota exceeded", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)Z?")
_SPACED = re.compile(r"(?<!\s)\s+([,;:!?.%)\]’”])(?=\s|$)")
_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr", "german": "de", "italian": "it",
    "japanese": "ja", "korean": "ko", "malay": "ms", "polish": "pl", "portuguese": "pt", "russian": "ru",
    "spanish": "es", "swedish": "sv", "turkish": "tr", "vietnamese": "vi",
}  # fmt: skip
"""Languages that a service names in words."""


class JsonApi(Source, kind="json_api"):
    """A list in JSON at an address.

    `items` finds the entries in an answer; `key`, `title`, `link`, `date`, `summary`, `spoken` (the language), `type`,
    `withdrawn` and `alias` (its name in a public register, such as fr:2026-19537) find their parts in an entry, all in
    JMESPath. An entry without a key is known by its link. `pace` is the least number of seconds between two requests to
    the service; `key_header` names the header in which it wants `api_key`.
    """

    url: str
    items: str = ""
    key: str = ""
    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""
    spoken: str = ""
    type: str = ""
    withdrawn: str = ""
    alias: str = ""
    pace: float = Field(default=0.0, ge=0, le=3600)
    api_key: SecretStr | None = None
    key_header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,64}$")

    @field_validator("items", "key", "title", "link", "date", "summary", "spoken", "type", "withdrawn", "alias")
    @classmethod
    def _an_expression(cls, expression: str) -> str:
        if expression:
            compiled(expression)
        return expression

    def rests(self, contact: str) -> str | None:
        if self.key_header and not self.api_key:
            return f"the service wants a key in the header {self.key_header}: set `api_key`, or fetch.data_gov_key"
        return super().rests(contact)

    def requests(self) -> Iterator[Request]:
        headers = {self.key_header: self.api_key.get_secret_value()} if self.key_header and self.api_key else {}
        yield Request(self.url, headers=headers, max_bytes=self.max_bytes, pace=self.pace)

    def read(self, answer: Answer) -> Reading:
        """The entries of one answer, in its order. Where a table has no expressions, they are guessed from the names.

        An empty object is an answer without entries. Raises SourceError `challenge`, `asked_to_wait` (services say so
        in words, with status 200), `refused` (any other words instead of JSON), `not_json`, `no_list`.
        """
        refuse_challenge(answer)
        try:
            page = answer.json()
        except SourceError:
            raise _said(answer) from None
        plan = self._plan(page)
        entries = _found(plan["items"], page) if plan["items"] else page
        if entries is None and not page:
            entries = []
        if isinstance(entries, dict):
            entries = list(entries.values())
        if not isinstance(entries, list):
            names = ", ".join(list(page)[:8]) if isinstance(page, dict) else "no object"
            raise SourceError("no_list", f"`items` finds no list in the answer (it has: {names})")
        found: dict[str, Document] = {}
        nameless = 0
        for entry in entries[:MOST_ENTRIES]:
            document = self._document(plan, entry, answer.url)
            if document is None:
                nameless += 1
            else:
                found.setdefault(document.key, document)
        return Reading(
            documents=tuple(found.values()),
            warnings=("without_key",) if nameless else (),
        )

    def _plan(self, page: Any) -> Mapping[str, str]:
        own = {name: getattr(self, name) for name in _PARTS}
        if own["items"] or own["title"] or own["key"] or own["link"]:
            return own
        from bot.sources.json_plan import plan_of

        return {**own, **(plan_of(page) or {})}

    def _document(self, plan: Mapping[str, str], entry: Any, base: str) -> Document | None:
        parts = {name: _part(plan[name], entry) if plan[name] else None for name in _PARTS if name != "items"}
        link = absolute(_text(parts["link"])[:2000], base)
        key = _text(parts["key"])[:500] or (canonical_link(link) if link else "")
        named = f"link:{canonical_link(link)}" if link else ""
        title = _plain_title(_text(parts["title"]))
        if not key:
            return None
        return Document(
            source=self.id,
            key=key,
            title=title,
            url=link or None,
            published=moment_of_any(parts["date"]),
            summary=_plain_summary(_text(parts["summary"])),
            language=_language(_text(parts["spoken"])) or language_of(self.language),
            kind=_text(parts["type"])[:80] or None,
            state=State.WITHDRAWN if parts["withdrawn"] is True else State.CURRENT,
            aliases=tuple(dict.fromkeys(alias for alias in (_text(parts["alias"])[:200], named) if alias)),
        )


_PARTS = ("items", "key", "title", "link", "date", "summary", "spoken", "type", "withdrawn", "alias")


@lru_cache(maxsize=512)
def compiled(expression: str) -> ParsedResult:
    """A JMESPath expression. Raises ValueError with what is wrong with it."""
    import jmespath  # type: ignore[import-untyped]

    if len(expression) > LONGEST_EXPRESSION:
        raise ValueError(f"is longer than {LONGEST_EXPRESSION} characters")
    try:
        return jmespath.compile(expression)
    except (jmespath.exceptions.JMESPathError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"is no JMESPath: {reason}") from None


def moment_of_any(value: Any) -> Moment | None:
    """A date in any spelling that services use: ISO 8601, mail dates, 20230918T031500Z, seconds or milliseconds."""
    if isinstance(value, bool):
        return None
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    try:
        if (found := _COMPACT.fullmatch(text)) is not None:
            year, month, day, hour, minute, second = map(int, found.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
            seconds = float(text)
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment_from(text)


def _found(expression: str, value: Any) -> Any:
    """What an expression finds. Raises SourceError `no_list` where a function does not fit the answer's types."""
    from jmespath.exceptions import JMESPathError  # type: ignore[import-untyped]

    try:
        return compiled(expression).search(value)
    except (JMESPathError, RecursionError, TypeError, ValueError, AttributeError) as error:
        raise SourceError("no_list", f"`{expression}` does not fit the answer: {str(error)[:200]}") from error


def _part(expression: str, entry: Any) -> Any:
    """A part of an entry; None where a function does not fit (`join` with a null): one entry never hides the others."""
    try:
        return _found(expression, entry)
    except SourceError:
        return None


def _said(answer: Answer) -> SourceError:
    """What a service says in words instead of JSON."""
    text = answer.text()
    words = " ".join(text[:400].split())
    if _TOO_OFTEN.search(words):
        return SourceError("asked_to_wait", f"the service says: {words[:200]}", retry_at=answer.at + PATIENCE)
    try:
        refuse_challenge(answer, text)
    except SourceError as error:
        return error
    if words and "<" not in words and len(text) < 2000:
        return SourceError("refused", f"the service says: {words[:200]}")
    return SourceError("not_json", "the answer is no JSON")


def _plain_title(text: str) -> str:
    """A title in plain text; blanks before punctuation, as some collectors put them, are taken out."""
    return _SPACED.sub(r"\1", title_of(text, markup=looks_like_markup(text)))


def _plain_summary(text: str) -> str:
    return summary_of(text, markup=looks_like_markup(text))


def _language(text: str) -> str | None:
    return _LANGUAGES.get(text.casefold()) or (language_of(text) if text else None)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:20_000].strip()
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")
