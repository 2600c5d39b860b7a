"""Structured logs on standard error, without secrets: one event a line, for people or as JSON."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

import structlog

HIDDEN = "[hidden]"
_SECRET_NAMES = re.compile(r"token|secret|password|api_key|authorization", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"([?&](?:api_key|key|token|subscription-key)=)[^&\s]+|(?<=://)[^/@\s]+@", re.IGNORECASE)


class Scrubber:
    """Takes secrets out of what leaves the process: values of telling names, the secrets that are set, keys in
    addresses."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(secret for secret in secrets if len(secret) >= 4)

    def text(self, text: str) -> str:
        """A text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _SECRET_IN_URL.sub(lambda found: (found.group(1) or "") + HIDDEN + ("" if found.group(1) else "@"), text)

    def values(self, value: Any) -> Any:
        """A value without secrets, however deep they lie; what is no JSON becomes its text."""
        if isinstance(value, Mapping):
            return {
                key: HIDDEN if _SECRET_NAMES.search(str(key)) else self.values(inner) for key, inner in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.values(inner) for inner in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self.text(str(value))


def configure(
    level: str = "info",
    form: str = "console",
    scrub: Scrubber | None = None,
    errors: Callable[[Mapping[str, Any]], None] | None = None,
) -> None:
    """Set logging up once, at start.

    `form` is `console` or `json`; `scrub` knows what must never be printed, wherever it turns up; `errors` hears every
    line of level error as it was said, not yet scrubbed, with its exception.
    """
    hide = _hider(scrub or Scrubber())
    renderer: Any = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=24)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _listener(errors),
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


def _listener(errors: Callable[[Mapping[str, Any]], None] | None) -> Any:
    """Hands errors on. Whoever hears them must not end what was at work: his own mistakes are a line of the log."""

    def listen(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if errors is not None and event.get("level") in ("error", "critical"):
            try:
                errors(event)
            except Exception as mistake:
                logging.getLogger("chipwatch").warning("error_not_reported: %s", type(mistake).__name__)
        return event

    return listen


def _hider(scrub: Scrubber) -> Any:
    def hide(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if _SECRET_NAMES.search(key):
                event[key] = HIDDEN
            elif isinstance(value, str):
                event[key] = scrub.text(value)
        return event

    return hide


def logger(name: str) -> Any:
    """A logger whose every line says which room speaks."""
    return structlog.get_logger(room=name)
