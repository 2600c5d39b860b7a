"""Errors reported to a Sentry server: what arrives there, as an HTTP server on 127.0.0.1 receives it."""

import gzip
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli  # type: ignore[import-untyped]
import pytest
import structlog

from bot.app.error_reports import error_reports
from bot.cli import main
from bot.errors import ConfigError
from bot.logs import Scrubber, configure, logger
from bot.settings.tables import Secret, SentrySettings

TOKEN = "xoxb-a-token-of-somebody"
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


class Sentry(ThreadingHTTPServer):
    """Receives envelopes."""

    def __init__(self) -> None:
        self.events: list[dict[str, object]] = []
        self.raw = ""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                text = UNPACK.get(self.headers.get("Content-Encoding", ""), bytes)(body).decode()
                server.raw += self.path + text
                lines = [json.loads(line) for line in text.splitlines()]
                server.events += [line for line in lines[2:] if "event_id" in line]
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its very name
                """Silent."""

        server = self
        super().__init__(("127.0.0.1", 0), Handler)

    def settings(self, **more: object) -> SentrySettings:
        return SentrySettings(dsn=Secret(f"http://public@127.0.0.1:{self.server_port}/7"), **more)  # type: ignore[arg-type]


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    server = Sentry()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
    structlog.reset_defaults()


def fail(secret: str) -> None:
    raise LookupError(f"no channel at https://me:{secret}@example.org/?token={secret}")


def test_an_error_of_the_log_arrives_with_its_exception_and_without_secrets(sentry, capsys):
    scrub = Scrubber([TOKEN])
    reports = error_reports(sentry.settings(environment="here"), scrub)
    assert reports is not None
    configure("info", "json", scrub, reports.send)
    log = logger("web")
    log.info("started", path="/")
    log.warning("slow", path="/")
    log.error("delivery_lost", platform="slack", reason=f"refused {TOKEN}", bot_token=TOKEN)
    try:
        fail(TOKEN)
    except LookupError:
        log.exception("page_failed", path="/stories", reference="ab12")
    reports.close()
    lost, failed = sentry.events
    assert (lost["message"], lost["level"], lost["logger"]) == ("delivery_lost", "error", "web")
    assert lost["extra"] == {"room": "web", "platform": "slack", "reason": "refused [hidden]", "bot_token": "[hidden]"}
    (told,) = failed["exception"]["values"]
    assert told["type"] == "LookupError"
    assert [frame["function"] for frame in told["stacktrace"]["frames"]][-1] == "fail"
    assert failed["extra"]["reference"] == "ab12"
    assert failed["environment"] == "here"
    assert failed["release"].startswith("chipwatch@")
    for shut in (TOKEN, "vars", "abs_path", 'server_name": "', "breadcrumbs", '"user"', "started", "slow"):
        assert shut not in sentry.raw, shut
    written = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in written] == ["started", "slow", "delivery_lost", "page_failed"]
    assert "LookupError" in written[-1]["exception"]


def test_a_server_that_is_away_disturbs_nobody(sentry, capsys):
    settings = sentry.settings()
    sentry.shutdown()
    sentry.server_close()
    reports = error_reports(settings, Scrubber())
    assert reports is not None
    configure("info", "json", Scrubber(), reports.send)
    logger("app").error("store", error="gone")
    reports.close()
    assert json.loads(capsys.readouterr().err.splitlines()[0])["error"] == "gone"
    assert sentry.events == []


def test_no_part_of_the_errors_is_sent_where_the_rate_says_so(sentry):
    reports = error_reports(sentry.settings(sample_rate=0.0), Scrubber())
    assert reports is not None
    reports.send({"event": "store", "level": "error"})
    reports.close()
    assert sentry.events == []


def test_a_mistake_in_reporting_ends_nothing(capsys):
    def broken(line: object) -> None:
        raise RuntimeError("full")

    configure("info", "json", Scrubber(), broken)
    try:
        logger("app").error("store", error="gone")
    finally:
        structlog.reset_defaults()
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {line["event"]: line.get("error") for line in said} == {
        "store": "gone",
        "error_not_reported": "RuntimeError",
    }


def test_without_an_address_nothing_is_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    assert error_reports(SentrySettings(), Scrubber()) is None


@pytest.fixture
def there(monkeypatch):
    monkeypatch.setenv("CHIPWATCH_SENTRY__DSN", "https://public@sentry.example.org/1")
    return monkeypatch


def test_a_missing_package_is_one_clear_error(there, capsys):
    there.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ConfigError, match=r"pip install 'chipwatch\[sentry\]'"):
        error_reports(SentrySettings(dsn=Secret("https://public@sentry.example.org/1")), Scrubber())
    there.setattr(sys, "argv", ["chipwatch", "run"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "chipwatch[sentry]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "dsn", ["sentry.example.org", "https://sentry.example.org/1", "https://public@/x", "ftp://a@b/1"]
)
def test_what_is_no_address_is_said_without_repeating_it(dsn):
    with pytest.raises(ConfigError) as error:
        error_reports(SentrySettings(dsn=Secret(dsn)), Scrubber())
    assert "sentry.dsn is no address" in str(error.value)
    assert "public" not in str(error.value)
