"""Structured logs on standard error, without secrets: one event a line, for people or as JSON."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

HIDDEN = "[hidden]"
_SECRET_NAMES = re.compile(r"token|secret|password|api_key|authorization", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"([?&](?:api_key|key|token|subscription-key)=)[^&\s]+|(?<=://)[^/@\s]+@", re.IGNORECASE)


def configure(level: str = "info", form: str = "console", secrets: Iterable[str] = ()) -> None:
    """Set logging up once, at start.

    `form` is `console` or `json`; `secrets` are values (tokens) that must never be printed, wherever they turn up.
    """
    hide = _hider(tuple(secret for secret in secrets if len(secret) >= 4))
    renderer: Any = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=24)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("aiohttp.server").addFilter(_is_no_strangers_mistake)


def _is_no_strangers_mistake(record: logging.LogRecord) -> bool:
    """What is no HTTP gets a 400; a traceback for each would let anybody fill the log."""
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__module__ != "aiohttp.http_exceptions"


def _hider(secrets: tuple[str, ...]) -> Any:
    def hide(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if _SECRET_NAMES.search(key):
                event[key] = HIDDEN
            elif isinstance(value, str):
                event[key] = _without_secrets(value, secrets)
        return event

    return hide


def _without_secrets(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _SECRET_IN_URL.sub(lambda found: (found.group(1) or "") + HIDDEN + ("" if found.group(1) else "@"), text)


def logger(name: str) -> Any:
    """A logger whose every line says which room speaks."""
    return structlog.get_logger(room=name)
