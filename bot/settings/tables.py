"""What can be set: one table a topic, each setting typed, with its default and one line of help.

The help lines are also the example file (config/chipwatch.toml) and the reference page (docs/settings.md). Plain
dataclasses: every command imports this, and a library for models would be most of the time that it takes to answer.
"""

# ruff: noqa: RUF009  # a call is how a field gets its help

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Check = Callable[[Any], str]
"""What is wrong with a value of the right type, as the end of a sentence; empty when nothing is."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that is never shown: only `reveal` gives it away. False while it is empty."""

    _text: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self._text)

    def reveal(self) -> str:
        """The text itself, for the one who needs it."""
        return self._text


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of one setting besides its value. `choices` are all values it may have, if they are few."""

    table: str
    key: str
    default: Any
    help: str
    checks: tuple[Check, ...]
    choices: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.table}.{self.key}"

    @property
    def secret(self) -> bool:
        return isinstance(self.default, Secret)

    def accept(self, value: Any) -> Any:
        """The value as it is kept. Raises ValueError with what is wrong; that of a secret is not repeated."""
        kept = _typed(value, self.default)
        if kept is None:
            shown = "" if self.secret else f", not {value!r}"
            raise ValueError(f"must be {_TYPE_NAMES[type(self.default)]}{shown}")
        for complaint in (check(kept) for check in self.checks):
            if complaint:
                raise ValueError(f"{complaint}, not {value!r}")
        return kept


_TYPE_NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Secret: "a text",
    tuple: "a list of texts",
}


def _typed(value: Any, default: object) -> Any:
    """The value in the type of its default, None where it has another one: `"30"` is no number, nor is `true`."""
    match default, value:
        case (bool(), bool()) | (str(), str()):
            return value
        case (bool(), _) | (_, bool()):
            return None
        case int(), int():
            return value
        case float(), int() | float() if math.isfinite(value):
            return float(value)
        case Secret(), str():
            return Secret(value)
        case tuple(), list() | tuple() if all(isinstance(each, str) for each in value):
            return tuple(value)  # TOML and JSON know lists only; the settings are frozen to the bottom
    return None


def setting(default: T, help: str, *checks: Check, choices: tuple[str, ...] = ()) -> T:  # noqa: A002  # its very name
    """A field of a table."""
    if choices:
        checks = (*checks, _among(choices))
    made: T = field(default=default, metadata={"help": help, "checks": checks, "choices": choices})
    return made


def above(limit: float) -> Check:
    """Greater than a limit."""
    return lambda value: "" if value > limit else f"must be more than {limit}"


def between(low: float, high: float) -> Check:
    """From one limit to the other, both included."""
    return lambda value: "" if low <= value <= high else f"must be from {low} to {high}"


def at_least(limit: float) -> Check:
    """A limit or more."""
    return lambda value: "" if value >= limit else f"must be {limit} or more"


def _among(choices: tuple[str, ...]) -> Check:
    return lambda value: "" if value in choices else f"must be one of {', '.join(choices)}"


def filled(value: str) -> str:
    """Any text but the empty one."""
    return "" if value.strip() else "must not be empty"


def networks(values: tuple[str, ...]) -> str:
    """Addresses and networks only."""
    import ipaddress

    for value in values:
        try:
            ipaddress.ip_network(value, strict=False)
        except ValueError:
            return f"must list addresses or networks (127.0.0.1, 10.0.0.0/8); {value!r} is neither"
    return ""


def slash_command(value: str) -> str:
    """A name that a slash command may have, without its stroke."""
    right = value.islower() and value.isascii() and value.replace("-", "").replace("_", "").isalnum()
    return "" if not value or (right and len(value) <= 31) else "must be small letters, digits, - or _, at most 31"


def public_keys(values: tuple[str, ...]) -> str:
    """Public keys only."""
    for value in values:
        try:
            right = len(bytes.fromhex(value)) == 32
        except ValueError:
            right = False
        if not right:
            return f"must list public keys of 64 hexadecimal digits; {value!r} is none"
    return ""


def _id_or_empty(value: str) -> str:
    """A platform's number or nothing."""
    return "" if not value or (value.isascii() and value.isdigit()) else "must be a number, as a text"


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where everything is kept."""

    url: str = setting(
        "sqlite:///var/chipwatch.db",
        "Address of the store: a file of SQLite, or postgresql://user@host/database.",
        filled,
    )
    keep_documents: float = setting(
        3650.0, "Days that texts of documents outside of stories, changes and notices are kept.", at_least(150)
    )
    keep_versions: float = setting(1825.0, "Days that a replaced version of a document is kept.", at_least(1))
    keep_deliveries: float = setting(
        400.0, "Days that ended deliveries are kept; stories that still grow keep theirs.", at_least(150)
    )


@dataclass(frozen=True, slots=True)
class BotSettings:
    """How the bot speaks where no channel has been subscribed."""

    language: Literal["en", "de", "zh"] = setting(
        "en", "Language of the console channel and of the command line's cards.", choices=("en", "de", "zh")
    )


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How publishers are asked."""

    user_agent: str = setting(
        "Chipwatch/0.1", "First part of the User-Agent header; `fetch.contact` is added to it.", filled
    )
    contact: str = setting(
        "", "E-mail or web address sent to publishers with each request; SEC EDGAR rests without it."
    )
    data_gov_key: Secret = setting(
        Secret(), "Key of api.data.gov, free; Congress.gov and regulations.gov rest without it."
    )
    allow_private: tuple[str, ...] = setting(
        (), "Addresses or networks inside your own network that sources may be fetched from, on all ports.", networks
    )
    deadline: float = setting(30.0, "Seconds that one answer may take in all, redirects included.", above(0))
    max_bytes: int = setting(
        8 * 1024 * 1024, "Bytes that `sources test` reads of a body once decompressed.", at_least(1024)
    )
    max_redirects: int = setting(5, "Redirects followed for one request.", between(0, 20))
    per_host: int = setting(2, "Requests to one host at the same time.", at_least(1))
    pace: float = setting(1.0, "Seconds between the starts of two requests to one host.", at_least(0))
    concurrency: int = setting(20, "Sources polled at the same time.", at_least(1))


@dataclass(frozen=True, slots=True)
class PollSettings:
    """When sources are polled."""

    interval: float = setting(
        1800.0, "Seconds between two polls of a source that names no interval of its own.", at_least(1)
    )
    jitter: float = setting(
        0.1, "Share of the interval by which polls are spread, so that they do not bunch.", between(0, 1)
    )
    lease: float = setting(
        180.0, "Seconds after which a source whose poll never ended may be polled by another process.", above(0)
    )
    max_pages: int = setting(20, "Pages read of one source in one poll.", at_least(1))
    news_age: float = setting(
        259200.0, "Seconds; what is older when a source is back after an outage is filed and not posted.", above(0)
    )


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """When operators are told."""

    notify_after: float = setting(
        86400.0, "Seconds that a source must fail before operators are told in chat; logs tell at once.", above(0)
    )


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How alerts are handed to platforms."""

    retry_first: float = setting(5.0, "Seconds until the first retry of a failed delivery; then doubling.", above(0))
    retry_longest: float = setting(900.0, "Seconds between two retries at most.", above(0))
    give_up_after: float = setting(259200.0, "Seconds after which a failing delivery is given up.", above(0))
    lease: float = setting(
        10.0, "Seconds after which a delivery whose process died is taken over by another one.", above(0)
    )
    outcome_unknown: Literal["never_twice", "at_least_once"] = setting(
        "never_twice",
        "When nobody can tell whether a message was posted: leave it, or post it again.",
        choices=("never_twice", "at_least_once"),
    )
    singles_per_hour: int = setting(
        2, "Single alerts that a channel gets within an hour; more go into one roundup message.", at_least(1)
    )
    posts_per_hour: int = setting(10, "Messages that a channel gets within an hour, edits aside.", at_least(1))
    roundup_closes_after: float = setting(
        12.0, "Hours without a new story after which a roundup is closed; after a day it is anyway.", above(0)
    )
    keep_lost: float = setting(90.0, "Days that the order of a channel out of reach is kept.", above(0))
    keep_left: float = setting(
        7.0, "Days until everything about a server or workspace that removed the bot is erased.", at_least(0)
    )


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """The log of everything that the bot said."""

    keep_days: float = setting(1825.0, "Days that a row of the log is kept; five years.", at_least(1))


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The board, and the pages /healthz, /readyz and /metrics."""

    host: str = setting("127.0.0.1", "Address that the pages are served on.", filled)
    port: int = setting(8642, "Port that the pages are served on; 0 takes any free one.", between(0, 65535))
    url: str = setting("", "Address under which the board is reached from outside, for links in feeds and messages.")
    hosts: tuple[str, ...] = setting((), "Host names under which the board may be asked; empty: any.")
    imprint_url: str = setting("", "Address of the imprint, linked on every page; empty: no link.")
    privacy_url: str = setting("", "Address of the privacy notice, linked on every page; empty: no link.")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The log, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "The least that is logged.", choices=("debug", "info", "warning", "error")
    )
    format: Literal["console", "json"] = setting(
        "console", "For people, or one JSON object a line.", choices=("console", "json")
    )


@dataclass(frozen=True, slots=True)
class SentrySettings:
    """Errors reported to a Sentry server; needs `pip install 'chipwatch[sentry]'`."""

    dsn: Secret = setting(Secret(), "Address of the project that errors are sent to; empty: nothing is sent.")
    environment: str = setting("production", "What the reports call this installation.", filled)
    sample_rate: float = setting(1.0, "Which part of the errors is sent, from 0 to 1.", between(0, 1))


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """Where newer releases of the ledger come from, and whose signature they must bear."""

    feed_url: str = setting("", "Address of signed ledger releases; empty: the shipped ledger is used.")
    feed_keys: tuple[str, ...] = setting(
        (), "Public keys (Ed25519, 64 hexadecimal digits) that may sign a release.", public_keys
    )
    feed_interval: float = setting(86400.0, "Seconds between two looks for a newer release.", at_least(60))

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The public keys as bytes."""
        return tuple(bytes.fromhex(key) for key in self.feed_keys)


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """Discord."""

    token: Secret = setting(Secret(), "Token of the bot.")
    api_url: str = setting("", "Base address of the REST API; empty: Discord's own.")
    gateway_url: str = setting("", "Address of the gateway; empty: the one that Discord names.")
    operator_guild: str = setting("", "Id of your own server: there alone stands `/chipwatch-admin`.", _id_or_empty)


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """Slack: two tokens for one workspace, or an app that many workspaces install (docs/slack.md)."""

    bot_token: Secret = setting(Secret(), "Token of the bot, xoxb-...")
    app_token: Secret = setting(Secret(), "Token of the app for Socket Mode, xapp-...")
    signing_secret: Secret = setting(Secret(), "Secret that Slack signs its requests with.")
    client_id: str = setting("", "Id of the app, for workspaces that install it themselves.")
    client_secret: Secret = setting(Secret(), "Secret of the app, for workspaces that install it themselves.")
    encryption_key: Secret = setting(
        Secret(), "Key that stored tokens are encrypted with; several, the newest first, with commas between."
    )
    public_url: str = setting("", "Address under which Slack reaches this bot, for example https://chips.example.org.")
    api_url: str = setting("", "Base address of the web API; empty: Slack's own.")
    command: str = setting("chipwatch", "The slash command that takes every verb.", filled, slash_command)
    short_command: str = setting("chip", "The slash command for questions; empty: there is none.", slash_command)
    operators: tuple[str, ...] = setting((), "Ids of the persons who run this bot, U... or T.../U...")
    managers_group: str = setting("", "Id of a user group whose members may change channels too, S...")
    channel_creators: bool = setting(False, "Whether whoever made a channel may change what it gets.")
    silence: float = setting(300.0, "Seconds without an event after which the socket is made anew.", above(0))


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The operators' desk on the board."""

    token: Secret = setting(Secret(), "Secret that opens the desk; empty: the desk is closed.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings in effect. `origins` has where the values came from that are no defaults."""

    store: StoreSettings = field(default_factory=StoreSettings)
    bot: BotSettings = field(default_factory=BotSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    poll: PollSettings = field(default_factory=PollSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    web: WebSettings = field(default_factory=WebSettings)
    log: LogSettings = field(default_factory=LogSettings)
    sentry: SentrySettings = field(default_factory=SentrySettings)
    ledger: LedgerSettings = field(default_factory=LedgerSettings)
    discord: DiscordSettings = field(default_factory=DiscordSettings)
    slack: SlackSettings = field(default_factory=SlackSettings)
    desk: DeskSettings = field(default_factory=DeskSettings)
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def origin(self, name: str) -> str:
        """Where the value of `fetch.deadline` and the like came from: `default`, `file:line` or a variable's name."""
        return self.origins.get(name, "default")


TOPICS: Mapping[str, type] = {
    f.name: type(getattr(Settings(), f.name)) for f in fields(Settings) if f.name != "origins"
}
"""The class of each table, by name."""
SETTINGS: Mapping[str, Mapping[str, Setting]] = {
    table: {f.name: Setting(table, f.name, f.default, **f.metadata) for f in fields(topic)}
    for table, topic in TOPICS.items()
}
"""Every setting, by table and key."""
