"""The nouns of Chipwatch, frozen. What they mean stands in docs/architecture.md; nothing here does anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.clock import Moment


class Trust(StrEnum):
    """Who says it, the most trusted first."""

    OFFICIAL = "official"
    COMPANY = "company"
    PRESS = "press"
    RUMOUR = "rumour"

    @property
    def rank(self) -> int:
        """0 for a rumour up to 3 for official text."""
        return _TRUST_RANK[self]


class Severity(StrEnum):
    """How much a story matters to a reader who trades or follows AI chips."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return _SEVERITY_RANK[self]


class Kind(StrEnum):
    """What a document says has happened. The first that matches wins, in this order."""

    ENFORCEMENT = "enforcement"
    BILL = "bill"
    ENTITY_LIST = "entity_list"
    RESCISSION = "rescission"
    TARIFF_OR_REVENUE_SHARE = "tariff_or_revenue_share"
    LICENCE_GRANTED = "licence_granted"
    LICENCE_REQUIREMENT = "licence_requirement"
    RULE = "rule"
    GUIDANCE = "guidance"
    FOREIGN_MEASURE = "foreign_measure"
    FILING = "filing"
    STATEMENT = "statement"
    RUMOUR = "rumour"
    REPORT = "report"
    ANALYSIS = "analysis"
    OTHER = "other"


class Direction(StrEnum):
    """The change in policy that a document tells or demands."""

    RESTRICTS = "restricts"
    RELAXES = "relaxes"
    NONE = "none"


class Stage(StrEnum):
    """How far a permission or prohibition has come. Only the last two are law."""

    PROPOSED = "proposed"
    PROMISED = "promised"
    ANNOUNCED = "announced"
    ISSUED = "issued"
    IN_FORCE = "in_force"

    @property
    def rank(self) -> int:
        return _STAGE_RANK[self]


class Health(StrEnum):
    """How a source is, the most troubled first. One that rests is not asked at all: it waits for a setting."""

    FAILING = "failing"
    HELD = "held"
    STALE = "stale"
    RESTING = "resting"
    NEW = "new"
    OK = "ok"

    @property
    def troubled(self) -> bool:
        """Whether somebody has to look."""
        return self in (Health.FAILING, Health.HELD, Health.STALE)


_TRUST_RANK = {Trust.RUMOUR: 0, Trust.PRESS: 1, Trust.COMPANY: 2, Trust.OFFICIAL: 3}
_SEVERITY_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_STAGE_RANK = {stage: rank for rank, stage in enumerate(Stage)}


class State(StrEnum):
    """Where a document stands with its publisher."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    SCHEDULED = "scheduled"


class ChangeKind(StrEnum):
    """What a poll found about one document."""

    NEW = "new"
    AMENDED = "amended"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    ROWS = "rows"


FOLLOWED = "followed"
"""The key of `Document.details` under which stands what a second request added to a document."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a source publishes. Identity is (source, key); `aliases` find it again when the publisher changes its keys.

    `title` and `summary` are plain text; `url` is absolute, nothing stripped; `kind` is the publisher's own type
    ("Rule", "8-K"). `details` holds what the publisher states besides (document number, effective date, agencies, ...),
    with JSON values only. An alias of a public register (`fr:2026-19537`) names the document wherever it is published:
    it is one document, whichever source carries it. `details["continues"]` lists such names of documents that this one
    corrects or goes on with.
    """

    source: str
    key: str
    title: str
    url: str | None = None
    published: Moment | None = None
    updated: Moment | None = None
    summary: str = ""
    language: str | None = None
    kind: str | None = None
    state: State = State.CURRENT
    aliases: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Party:
    """A name on a screening list, however many address rows and ids it has there.

    `roll` is the list's short code (EL, MEU, UVL, DPL); `countries` ISO 3166 codes, or the words as printed where they
    name no country; `footnotes` the numbers of the Entity List's footnotes; `notice`, `since` and `until` as printed
    (dates as ISO 8601 where they could be read); `places` a digest of the addresses.
    """

    roll: str
    name: str
    aliases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    requirement: str = ""
    policy: str = ""
    footnotes: tuple[str, ...] = ()
    notice: str = ""
    since: str = ""
    until: str = ""
    places: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a poll found about one document: the document as it is now and, unless it is new, as it was.

    `added`, `removed` and `changed` count rows of a list, or paragraphs of a text. `detail` holds the rows or the
    redline themselves, as JSON values. `seat` is the key under which the change joins a story where the document's own
    will not do: a list or a page changes again and again. One with a `happening` is placed by it and not by what it
    sounds like: the changes of one source with the same one are one story.
    """

    kind: ChangeKind
    document: Document
    at: datetime
    before: Document | None = None
    added: int = 0
    removed: int = 0
    changed: int = 0
    detail: Mapping[str, object] = field(default_factory=dict)
    seat: str = ""
    happening: str = ""


class Reason(NamedTuple):
    """Why a label was given: the label, the rule's name, and the words of the text that decided, with their place.

    `span` counts characters of `title + "\\n" + lead` as given, end exclusive; None where no single place decided.
    """

    label: str
    rule: str
    text: str = ""
    span: tuple[int, int] | None = None


OWN_NAME = Reason("voice", "office_holder")
"""The mark of what a holder of an office says in his own name."""
INFERRED = Reason("destinations", "inferred")
"""The mark of a China that no word names: such texts mean it, and it gives way to what others name."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What binds in an act, as a text itself says it; empty where it says nothing.

    `chips` are those named in the title or the first sentence; `effective` is an ISO day; `thresholds` such as
    `tpp 4800`, `amounts` shares and numbers of chips (`15%`, `115000 chips`), `conditions` names of conditions.
    """

    chips: tuple[str, ...] = ()
    effective: tuple[str, ...] = ()
    thresholds: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


NOTHING_BINDING = Binding()


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a document is about. Chips and companies by canonical name, places by ISO 3166 code, in a stable order."""

    relevant: bool
    score: float
    chips: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    kind: Kind = Kind.OTHER
    direction: Direction = Direction.NONE
    trust: Trust = Trust.PRESS
    severity: Severity = Severity.LOW
    stage: Stage | None = None
    reasons: tuple[Reason, ...] = ()
    binding: Binding = NOTHING_BINDING


ARCHIVE, LEDGER = "archive", "ledger"
"""The sources of what the ledger itself tells: its events as archived stories, and what recording one changed. The
title of such a member is the event's and no publisher's."""


@dataclass(frozen=True, slots=True)
class Member:
    """A document inside a story, as a card shows it."""

    source: str
    source_name: str
    key: str
    title: str
    url: str | None
    published: Moment | None
    language: str | None
    trust: Trust
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """The documents that tell the same happening. `facts` is the story's own assessment, merged from its members.

    `archive` marks an event of the ledger that is shown and searched like a story, but was never posted; `retracted`
    a story of ours that was wrong.
    """

    id: str
    began_at: datetime
    grew_at: datetime
    facts: Assessment
    head: Member
    members: tuple[Member, ...]
    archive: bool = False
    retracted: bool = False


class Op(StrEnum):
    """What a revision does in a channel: a new message, an edit of it, or a reply under it."""

    POST = "post"
    EDIT = "edit"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class FactChange:
    """A binding fact of a story that changed: `fact` is `chips`, `destinations` (what came in: `before` is empty),
    `effective`, `thresholds`, `amounts` or `conditions`."""

    fact: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """What a story says to channels at one moment: number 1 is a post, later ones edit it or reply to it.

    `rise` names what rose when it replies (`trust`, `stage`, `severity`, `direction`, `fact`, and what a publisher did:
    `withdrawn`, `correction`); `corrected` says that we take the story back, `merged` that it goes on in another
    message. `changes` are the changed facts.
    """

    story: Story
    number: int
    op: Op
    at: datetime
    rise: tuple[str, ...] = ()
    changes: tuple[FactChange, ...] = ()

    @property
    def corrects(self) -> bool:
        """Whether it takes back what stood there: as loud as the mistake was, and published where that was."""
        return "corrected" in self.rise
