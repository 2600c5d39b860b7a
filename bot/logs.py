"""Structured logs on standard error, without secrets: one event a line, for people or as JSON.

What strangers wrote stands in it as text: nothing in a value moves the cursor or begins a line of its own.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
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


def configure(level: str = "info", form: str = "console", secrets: Iterable[str] = ()) -> None:
    """Set logging up once, at start.

    `form` is `console` or `json`; `secrets` are values (tokens) that must never be printed, wherever they turn up:
    inside lists, in the text of an exception, in what a library logs.
    """
    clean = _Cleaner(secret for secret in secrets if len(secret) >= 4)
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
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            clean,
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


class _Cleaner:
    """Takes secrets and what a terminal would obey out of an event, at any depth."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted(secrets, key=len, reverse=True)  # one may begin with another

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, value in event.items():
            event[name] = self._named(name, value)
        event["event"] = str(event.get("event", "")).replace("\n", "\\n")
        return event

    def _named(self, name: str, value: Any) -> Any:
        return HIDDEN if _SECRET_NAMES.search(name) else self._value(value)

    def _value(self, value: Any) -> Any:
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self._text(value)
            case Mapping():
                return {self._text(str(name)): self._named(str(name), inner) for name, inner in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self._value(inner) for inner in value]
        return self._text(f"{type(value).__name__}: {value}" if isinstance(value, BaseException) else str(value))

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        text = _SECRET_IN_URL.sub(lambda found: f"{found[1]}{HIDDEN}" if found[1] else f"{HIDDEN}@", text)
        return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def logger(name: str) -> Any:
    """A logger whose every line says which room speaks."""
    return structlog.get_logger(room=name)
