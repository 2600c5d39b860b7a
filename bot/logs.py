"""Structured logs on standard error, without secrets: one event a line, for people or as JSON.

What strangers wrote stands in it as text: nothing in a value moves the cursor or begins a line of its own.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

import structlog

HIDDEN = "[hidden]"
SECRET_PARAMETERS = frozenset(
    {"api_key", "api-key", "apikey", "key", "token", "access_token", "subscription-key", "secret", "password", "sig"}
)
"""Names in the query of an address whose values are written down nowhere."""
_SECRET_NAMES = re.compile(r"token|secret|password|api_key|authorization", re.IGNORECASE)
_SECRET_IN_URL = re.compile(
    rf"([?&](?:{'|'.join(sorted(SECRET_PARAMETERS, key=len, reverse=True))})=)[^&\s\"'<>]+|(?<=://)[^/@\s]+@",
    re.IGNORECASE,
)
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys instead of showing it; tabs and line feeds apart."""


class Scrubber:
    """Takes secrets out of what leaves the process (values of telling names, the secrets that are set, keys in
    addresses), and what a terminal would obey."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # the longest first: one may begin with another
        self._secrets = sorted((secret for secret in secrets if len(secret) >= 4), key=len, reverse=True)

    def text(self, text: str) -> str:
        """A text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        text = _SECRET_IN_URL.sub(lambda found: f"{found[1]}{HIDDEN}" if found[1] else f"{HIDDEN}@", text)
        return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)

    def named(self, name: str, value: Any) -> Any:
        """A value without secrets; hidden whole where its name says that it is one."""
        return HIDDEN if _SECRET_NAMES.search(name) else self.values(value)

    def values(self, value: Any) -> Any:
        """A value without secrets, however deep they lie; what is no JSON becomes its text."""
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case Mapping():
                return {self.text(str(name)): self.named(str(name), inner) for name, inner in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.values(inner) for inner in value]
        return self.text(f"{type(value).__name__}: {value}" if isinstance(value, BaseException) else str(value))


def configure(
    level: str = "info",
    form: str = "console",
    scrub: Scrubber | None = None,
    errors: Callable[[Mapping[str, Any]], None] | None = None,
) -> None:
    """Set logging up once, at start.

    `form` is `console` or `json`; `scrub` knows what must never be printed, wherever it turns up: inside lists, in the
    text of an exception, in what a library logs. `errors` hears every line of level error as it was said, not yet
    scrubbed, with its exception.
    """
    renderer: Any = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), pad_event_to=24, exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _listener(errors),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _cleaner(scrub or Scrubber()),
            *([] if form == "json" else [_indented]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Libraries)]:
        root.removeHandler(handler)
    root.addHandler(_Libraries(logging.WARNING))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("aiohttp.server").addFilter(_is_no_strangers_mistake)


def _is_no_strangers_mistake(record: logging.LogRecord) -> bool:
    """What is no HTTP gets a 400; a traceback for each would let anybody fill the log."""
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__module__ != "aiohttp.http_exceptions"


def _listener(errors: Callable[[Mapping[str, Any]], None] | None) -> Any:
    """Hands errors on. Whoever hears them must not end what was at work: his own mistakes are a line of the log."""

    def listen(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if errors is not None and event.get("level") in ("error", "critical"):
            try:
                errors(event)
            except Exception as mistake:
                logger("logs").warning("error_not_reported", error=type(mistake).__name__)
        return event

    return listen


def _cleaner(scrub: Scrubber) -> Any:
    def clean(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, value in event.items():
            event[name] = scrub.named(name, value)
        event["event"] = str(event.get("event", "")).replace("\n", "\\n")
        return event

    return clean


def _indented(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A traceback is indented: a line of its own in an error's text would look like one of ours."""
    if "exception" in event:
        event["exception"] = "    " + str(event["exception"]).replace("\n", "\n    ")
    return event


class _Libraries(logging.Handler):
    """What libraries log, through the same sieve as our own lines."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            said = record.getMessage()
        except (TypeError, ValueError):  # a library that miscounted its own arguments
            said = str(record.msg)
        facts: dict[str, Any] = {"detail": said}
        if record.exc_info and record.exc_info[0]:
            facts["exc_info"] = record.exc_info
        log = logger(record.name)
        if record.levelno >= logging.ERROR:
            log.error("library", **facts)
        else:
            log.warning("library", **facts)


def logger(name: str) -> Any:
    """A logger whose every line says which room speaks."""
    return structlog.get_logger(room=name)
