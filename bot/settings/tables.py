"""What can be set: one table a topic, each setting typed, with its default and one line of help.

The help lines are also the example file (config/chipwatch.toml) and the reference page (docs/settings.md).
"""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, SecretStr

EMPTY = SecretStr("")

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


def _network(text: str) -> str:
    """An address or network as it is; ValueError says what it should look like."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no address or network; for example 127.0.0.1 or 10.0.0.0/8") from None
    return text


class Topic(BaseModel):
    """A table of settings. Unknown keys are refused and types are strict: `"30"` is no number.

    Validators are built at first use: every command imports this, and not all of them read settings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class StoreSettings(Topic):
    """Where everything is kept."""

    url: str = Field("sqlite:///var/chipwatch.db", description="Address of the store; a file of SQLite.")


class BotSettings(Topic):
    """How the bot speaks where no channel has been subscribed."""

    language: Literal["en", "de", "zh"] = Field("en", description="Language of the console channel.")


class FetchSettings(Topic):
    """How publishers are asked."""

    user_agent: str = Field(
        "Chipwatch/0.1", min_length=1, description="First part of the User-Agent header; `contact` is added to it."
    )
    contact: str = Field(
        "", description="E-mail or web address sent to publishers with each request; SEC EDGAR rests without it."
    )
    allow_private: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        (), description="Addresses or networks inside your own network that sources may be fetched from, on all ports."
    )
    deadline: Seconds = Field(30.0, description="Seconds that one answer may take in all, redirects included.")
    max_bytes: int = Field(
        8 * 1024 * 1024, ge=1024, description="Bytes that `sources test` reads of a body once decompressed."
    )
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects followed for one request.")
    per_host: Count = Field(2, description="Requests to one host at the same time.")
    pace: float = Field(
        1.0, ge=0, allow_inf_nan=False, description="Seconds between the starts of two requests to one host."
    )
    concurrency: Count = Field(20, description="Sources polled at the same time.")


class PollSettings(Topic):
    """When sources are polled."""

    interval: Annotated[float, Field(ge=1, allow_inf_nan=False)] = Field(
        1800.0, description="Seconds between two polls of a source that names no interval of its own."
    )
    jitter: float = Field(
        0.1, ge=0, le=1, description="Share of the interval by which polls are spread, so that they do not bunch."
    )
    lease: Seconds = Field(
        180.0, description="Seconds after which a source whose poll never ended may be polled by another process."
    )
    max_pages: Count = Field(20, description="Pages read of one source in one poll.")


class HealthSettings(Topic):
    """When operators are told."""

    notify_after: Seconds = Field(
        86400.0, description="Seconds that a source must fail before operators are told in chat; logs tell at once."
    )


class DeliverySettings(Topic):
    """How alerts are handed to platforms."""

    retry_first: Seconds = Field(5.0, description="Seconds until the first retry of a failed delivery; then doubling.")
    retry_longest: Seconds = Field(900.0, description="Seconds between two retries at most.")
    give_up_after: Seconds = Field(86400.0, description="Seconds after which a failing delivery is given up.")
    lease: Seconds = Field(60.0, description="Seconds after which a delivery whose process died is taken over.")
    outcome_unknown: Literal["never_twice", "at_least_once"] = Field(
        "never_twice",
        description="When nobody can tell whether a message was posted: leave it, or post it again.",
    )


class WebSettings(Topic):
    """The pages /healthz, /readyz and /metrics."""

    host: str = Field("127.0.0.1", min_length=1, description="Address that the pages are served on.")
    port: int = Field(8642, ge=0, le=65535, description="Port that the pages are served on; 0 takes any free one.")


class LogSettings(Topic):
    """The log, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")
    format: Literal["console", "json"] = Field("console", description="For people, or one JSON object a line.")


class DiscordSettings(Topic):
    """Discord (coming: today the token is only looked for)."""

    token: SecretStr = Field(EMPTY, description="Token of the bot.")
    api_url: str = Field("", description="Base address of the REST API; empty: Discord's own.")
    gateway_url: str = Field("", description="Address of the gateway; empty: the one that Discord names.")


class SlackSettings(Topic):
    """Slack (coming: today the bot token is only looked for)."""

    bot_token: SecretStr = Field(EMPTY, description="Token of the bot, xoxb-...")
    app_token: SecretStr = Field(EMPTY, description="Token of the app for Socket Mode, xapp-...")
    signing_secret: SecretStr = Field(EMPTY, description="Secret that Slack signs its requests with.")
    api_url: str = Field("", description="Base address of the web API; empty: Slack's own.")


class DeskSettings(Topic):
    """The editors' desk on the board (coming)."""

    token: SecretStr = Field(EMPTY, description="Secret that opens the desk; empty: the desk is closed.")


class Settings(Topic):
    """All settings in effect. `bot.settings.effective` tells where each value came from."""

    store: StoreSettings = Field(default_factory=StoreSettings)
    bot: BotSettings = Field(default_factory=BotSettings)
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    poll: PollSettings = Field(default_factory=PollSettings)
    health: HealthSettings = Field(default_factory=HealthSettings)
    delivery: DeliverySettings = Field(default_factory=DeliverySettings)
    web: WebSettings = Field(default_factory=WebSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    discord: DiscordSettings = Field(default_factory=DiscordSettings)
    slack: SlackSettings = Field(default_factory=SlackSettings)
    desk: DeskSettings = Field(default_factory=DeskSettings)

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    def origin(self, name: str) -> str:
        """Where the value of `fetch.deadline` and the like came from: `default`, `file:line` or a variable's name."""
        return self._origins.get(name, "default")
