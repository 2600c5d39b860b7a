"""Errors to a Sentry server, where one is set: each error of the log as one event, and nothing else.

What the library would gather by itself (variables of frames, requests, the machine's name, what went before) is left
out, and every event passes what takes secrets out of the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import ConfigError
from bot.logs import Scrubber
from bot.settings.tables import SentrySettings

CLOSE_S = 2.0
"""Seconds that the last reports may take when the bot ends."""
NAMES = ("event", "level", "timestamp", "exc_info", "stack_info")
"""What of a line of the log stands elsewhere in a report than among its fields."""


class ErrorReports:
    """Sends errors to one project. `send` hears lines of the log, `close` lets the last ones out."""

    def __init__(self, settings: SentrySettings, scrub: Scrubber) -> None:
        """Raises ConfigError where the package is missing or `sentry.dsn` is no project's address."""
        sdk = _library()
        from importlib.metadata import version

        def checked(event: Any, _hint: Mapping[str, Any]) -> Any:
            for personal in ("user", "request", "server_name", "breadcrumbs", "modules"):
                event.pop(personal, None)
            for error in event.get("exception", {}).get("values", ()):
                for frame in (error.get("stacktrace") or {}).get("frames", ()):
                    frame.pop("abs_path", None)  # a folder may have a person's name
            return scrub.values(event)

        try:
            options: dict[str, Any] = {
                "dsn": settings.dsn.reveal(),
                "environment": settings.environment,
                "sample_rate": settings.sample_rate,
                "release": f"chipwatch@{version('chipwatch')}",
                "include_local_variables": False,
                "include_source_context": False,
                "default_integrations": False,
                "auto_enabling_integrations": False,
                "auto_session_tracking": False,
                "send_client_reports": False,
                "max_breadcrumbs": 0,
                "server_name": "",
                "before_send": checked,
            }
            self._client = sdk.Client(**options)
        except sdk.utils.BadDsn:
            raise ConfigError(
                "sentry.dsn is no address of a Sentry project; it looks like https://KEY@sentry.example.org/1"
            ) from None

    def send(self, line: Mapping[str, Any]) -> None:
        """Report a line of the log, with its exception where it has one. Does not wait for the server."""
        from sentry_sdk.utils import event_from_exception

        report: dict[str, Any] = {"level": "error"}
        hint: dict[str, Any] = {}
        error = _exception_of(line)
        if error is not None:
            report, hint = event_from_exception(error, client_options=self._client.options)  # type: ignore[assignment]
        else:
            report["message"] = str(line.get("event", ""))
        report["logger"] = str(line.get("room", ""))
        report["transaction"] = str(line.get("event", ""))
        report["extra"] = {name: value for name, value in line.items() if name not in NAMES}
        self._client.capture_event(report, hint)

    def close(self) -> None:
        """Let out what waits, for a moment."""
        self._client.close(timeout=CLOSE_S)


def error_reports(settings: SentrySettings, scrub: Scrubber) -> ErrorReports | None:
    """Where errors are reported to; None, and nothing loaded, while `sentry.dsn` is empty. Raises ConfigError."""
    return ErrorReports(settings, scrub) if settings.dsn else None


def _library() -> Any:
    try:
        import sentry_sdk
        import sentry_sdk.utils
    except ImportError:
        raise ConfigError(
            "sentry.dsn is set and the package that reports is not there: pip install 'chipwatch[sentry]', or leave "
            "sentry.dsn empty"
        ) from None
    return sentry_sdk


def _exception_of(line: Mapping[str, Any]) -> BaseException | None:
    import sys

    given = line.get("exc_info")
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if len(given) > 1 and isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None
