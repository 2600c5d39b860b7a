"""What a source is: a TOML table with a kind, which asks something and reads the answer."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.errors import ConfigError
from bot.fetch.exchange import DEFAULT_MAX_BYTES, Answer, Request
from bot.model import Assessment, Document, Party, Trust

KINDS = tuple(sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).with_name("kinds"))])))
"""Every kind that there is; the module of the same name in `kinds` declares it."""

_registry: dict[str, type[Source]] = {}


class TableError(ConfigError):
    """A source's table is wrong: `key` is the key at fault, where one is, so that its line can be found."""

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer held.

    `more` is the request for the next page, if there is one; `partial` says that the answer was cut and its whole
    entries were kept; `complete` that it lists everything, so that an absent document is withdrawn;
    `ttl` is how many seconds the publisher asks to be left alone; `warnings` are names of oddities for operators.
    `as_of` is the moment that the answer describes where that is not now (a copy out of a cache): one that is older
    than what was read before is passed over.
    `unready` says that the publisher is in the middle of an update: nothing is taken, and it is asked again later.
    `parties` are the rows of the documents that are lists, `details` what stands beside a document's change (a
    redline, JSON values), both by the document's key.
    """

    documents: tuple[Document, ...] = ()
    more: Request | None = None
    partial: bool = False
    complete: bool = False
    ttl: float | None = None
    warnings: tuple[str, ...] = field(default_factory=tuple)
    as_of: datetime | None = None
    unready: bool = False
    parties: Mapping[str, tuple[Party, ...]] = field(default_factory=dict)
    details: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a source stands at a poll: the cursor that its last good poll left, when that was, and the time now.

    A cursor has JSON values and is stored with the documents. Its `next` is an address to go on at; when the publisher
    refuses it, the poll asks again without it.
    """

    cursor: Mapping[str, Any]
    last_success: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What of an amended document is to be judged and told, with how many paragraphs were touched.

    `detail` and `seat` are those of a Change; `silent` says that nothing of it is worth a word (blocks only moved).
    """

    document: Document
    added: int = 0
    removed: int = 0
    changed: int = 0
    detail: Mapping[str, object] = field(default_factory=dict)
    seat: str = ""
    silent: bool = False


class Source(BaseModel, ABC):
    """A publisher's endpoint. Subclasses name their kind: `class Feed(Source, kind="feed")`, and add their options.

    `interval` in seconds (None: the default of the settings) or `cron` in `timezone` (several lines are
    parted by `;`: whichever comes first); `expected_silence` in seconds is
    how long no change is normal; `max_bytes` caps the decompressed answer. `voice` is whose mouth it is: what a holder
    of an office says in his own name is an official word and never law.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    kind: ClassVar[str] = ""
    official_numbers: ClassVar[bool] = False
    """Keys are numbers that the publisher never changes: when all of them are new, that is news and not absurd."""
    LOOSE: ClassVar[Mapping[str, Any]] = {}
    """What stands for required options where a lone answer is read without a table."""
    NEEDS_CONTACT: ClassVar[bool] = False
    """Whether the service wants a contact address in the User-Agent, and is not asked without one."""
    looks_further: ClassVar[bool] = False
    """Whether what is new or changed needs more requests before it is taken in: `wanted` and `settled`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")
    name: str = ""
    language: str = "en"
    jurisdiction: str | None = None
    trust: Trust = Trust.PRESS
    voice: Literal["institution", "office_holder"] = "institution"
    url: str | None = None
    interval: float | None = Field(default=None, ge=1)
    cron: str | None = None
    timezone: str = "UTC"
    expected_silence: float | None = Field(default=None, gt=0)
    max_bytes: int = Field(default=DEFAULT_MAX_BYTES, ge=1024)
    enabled: bool = True

    def __init_subclass__(cls, kind: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if kind:
            if kind in _registry and _registry[kind].__module__ != cls.__module__:
                raise TypeError(f"two sources call themselves {kind!r}")
            cls.kind = kind
            _registry[kind] = cls

    @field_validator("url")
    @classmethod
    def _http_only(cls, url: str | None) -> str | None:
        if url is not None and not url.lower().startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return url

    @field_validator("cron")
    @classmethod
    def _a_cron_line(cls, cron: str | None) -> str | None:
        if cron is not None:
            from cronsim import CronSim, CronSimError

            for line in cron.split(";"):
                try:
                    next(CronSim(line.strip(), datetime(2026, 1, 1, tzinfo=UTC)))
                except (CronSimError, StopIteration) as error:
                    raise ValueError(f"{line!r} is no cron line ({error}); for example 45 8 * * mon-fri") from None
        return cron

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError):
            raise ValueError(f"{name!r} is no time zone; for example America/New_York") from None
        return name

    @property
    def crons(self) -> tuple[str, ...]:
        """The lines of the schedule: the publisher's slots, the day around them, the night."""
        return tuple(line.strip() for line in self.cron.split(";")) if self.cron else ()

    @property
    def label(self) -> str:
        """The name that people see."""
        return self.name or self.id

    @abstractmethod
    def requests(self) -> Iterator[Request]:
        """What to ask at a poll, first page only; further pages come from `Reading.more`."""

    @abstractmethod
    def read(self, answer: Answer) -> Reading:
        """The documents in one answer. Raises SourceError with a stable name when it is not what the kind expects."""

    def rests(self, contact: str) -> str | None:
        """Why this source is not asked at all, in one sentence with the remedy; None when it is. `contact` is the
        address that publishers are told. A replay asks nobody and never rests."""
        if self.NEEDS_CONTACT and not contact:
            return "the service wants a contact in the User-Agent: set fetch.contact (CHIPWATCH_FETCH__CONTACT)"
        return None

    def resume(self, bookmark: Bookmark) -> Iterator[Request]:
        """What to ask at a poll that knows where the last one ended; by default what `requests` says."""
        return self.requests()

    def catches_up(self, bookmark: Bookmark) -> bool:
        """Whether `resume` asks for what was missed, oldest first: then every page is read, those of a poll that is cut
        short are kept, and the next poll goes on from the cursor."""
        return False

    def cursor_after(self, bookmark: Bookmark, rest: Request | None) -> dict[str, Any]:
        """The cursor to store with what was read; `rest` is the page that was not reached."""
        return {}

    def left(self, document: Document, at: datetime, elsewhere: bool) -> bool:
        """Whether a document that a complete list lacks was taken back; `elsewhere`: another source has it."""
        return True

    def follow_up(self, document: Document, assessment: Assessment) -> Request | None:
        """A second request for a new or amended document, once it has been assessed; None: all that matters is read."""
        return None

    def read_follow_up(self, document: Document, answer: Answer) -> Mapping[str, Any]:
        """What the second answer adds, as JSON values: kept in `details[FOLLOWED]`, outside the document's digest.

        `lead` in it is the text to be assessed instead of the summary, `quote` what a card quotes behind the title.
        Raises SourceError; the document then stands without it.
        """
        return {}

    def attached(self, document: Document, answer: Answer) -> Sequence[Request]:
        """What the second answer names that has to be read with it, the most telling first."""
        return ()

    def with_attached(
        self, document: Document, values: Mapping[str, Any], answers: Sequence[Answer]
    ) -> Mapping[str, Any]:
        """What the second answer added (`values`), with what its attachments say. Raises SourceError."""
        return values

    def told(self, before: Document, now: Document) -> Told:
        """What of an amended document is news; all of it, unless a kind knows better."""
        return Told(now)

    def wanted(self, document: Document, before: Document | None) -> Sequence[Request]:
        """What else to ask for a document, given what is stored of it; nothing where it has not changed."""
        return ()

    def settled(
        self, document: Document, before: Document | None, answers: Sequence[Answer | None]
    ) -> tuple[Document, Mapping[str, object]]:
        """The document with what the answers to `wanted` add to it, and what stands beside its change; None in the
        place of an answer stands for what the publisher does not have."""
        return document, {}


def kind_of(name: str) -> type[Source]:
    """The class of a kind. Raises KeyError when there is none."""
    if name not in KINDS:
        raise KeyError(name)
    if name not in _registry:
        importlib.import_module(f"bot.sources.kinds.{name}")
    return _registry[name]


def source_from(table: Mapping[str, Any]) -> Source:
    """A source from its TOML table. Raises TableError, a ConfigError naming the wrong key and the nearest right one."""
    rest = dict(table)
    kind = rest.pop("kind", None)
    label = table.get("id", "a source without id")
    if not isinstance(kind, str):
        raise TableError(f"{label}: `kind` is missing; one of {', '.join(KINDS)}", "kind")
    try:
        cls = kind_of(kind)
    except KeyError:
        raise TableError(f"{label}: there is no kind {kind!r}{nearest(kind, KINDS)}", "kind") from None
    try:
        return cls(**rest)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        unknown = first["type"] == "extra_forbidden"
        reason = "is missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
        hint = nearest(key, [*cls.model_fields, "kind"]) if unknown else ""
        raise TableError(
            f"{label}: `{key}` {'is not a setting of this kind' if unknown else reason}{hint}", key
        ) from error


def nearest(word: str, words: Iterable[str]) -> str:
    """A hint for a mistyped word: the nearest right one, else all of them."""
    known = list(words)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(known)}"
