"""The sources as an operator meets them: addresses tried, keys that stay hidden, what rests and what it waits for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.sources.test_congress import BILL, listed
from tests.sources.test_json_api import HITS
from tests.sources.test_page import CONSENT, page

SECRET = "s3cret-key-of-mine"
LOCAL = {"CHIPWATCH_FETCH__ALLOW_PRIVATE": '["127.0.0.1"]'}


class Site:
    """A web server on 127.0.0.1 that keeps the headers of what it is asked."""

    def __init__(self) -> None:
        self.pages = {
            "/page": ("text/html; charset=utf-8", page()),
            "/consent": ("text/html", CONSENT),
            "/list": ("application/json", json.dumps(HITS)),
            "/other": ("application/json", '{"answer": 42}'),
            "/bill": ("application/json", json.dumps(listed(BILL))),
        }
        self.keys: list[str | None] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.keys.append(self.headers.get("X-Api-Key"))
                kind, text = site.pages[self.path.partition("?")[0]]
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    Thread(target=site.server.serve_forever, daemon=True).start()
    yield site
    site.server.shutdown()
    site.server.server_close()


def configured(folder: Path, table: str) -> Path:
    (folder / "config/sources").mkdir(parents=True)
    (folder / "config/sources/mine.toml").write_text(table, encoding="utf-8")
    return folder / "config"


@pytest.mark.parametrize(
    ("path", "status", "kind", "error", "documents"),
    [
        ("/page", 0, "page", None, 3),
        ("/list", 0, "json_api", None, 4),
        ("/bill", 0, "congress", None, 1),
        ("/consent", 1, None, "challenge", 0),
        ("/other", 1, None, "not_a_feed", 0),
    ],
)
def test_an_address_is_tried_and_called_by_its_kind(chipwatch, site, path, status, kind, error, documents):
    ended = chipwatch("sources", "test", site.url + path, "--json", **LOCAL)
    assert ended.status == status, ended.err
    (found,) = ended.lines
    assert (found["kind"], found["error"], found["documents"]) == (kind, error, documents)


def test_a_key_reaches_its_service_in_a_header_and_nothing_else(chipwatch, site, tmp_path):
    table = (
        f'[[source]]\nid = "bills"\nkind = "congress"\ncongress = 119\nurl = "{site.url}/bill"\napi_key = "{SECRET}"\n'
    )
    config = configured(tmp_path, table)
    ended = chipwatch("poll", "bills", "--changes", "--json", "--config", config, CHIPWATCH_LOG__LEVEL="debug", **LOCAL)
    assert ended.status == 0, ended.err
    assert site.keys == [SECRET]
    shown = [chipwatch("sources", "--json", "--config", config), chipwatch("config", "show", "--config", config), ended]
    assert not any(SECRET in one.out + one.err for one in shown)
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("store.db*"))
    assert kept
    assert SECRET.encode() not in kept


def test_without_key_or_contact_a_source_rests_and_says_so(chipwatch, site, tmp_path):
    tables = (
        f'[[source]]\nid = "bills"\nkind = "congress"\ncongress = 119\nurl = "{site.url}/bill"\n'
        f'[[source]]\nid = "sec"\nkind = "edgar"\ncik = 42\nurl = "{site.url}/filings"\n'
        f'[[source]]\nid = "page"\nkind = "page"\nurl = "{site.url}/page"\n'
    )
    config = configured(tmp_path, tables)
    named = chipwatch("poll", "sec", "--config", config, **LOCAL)
    assert named.status == 1
    assert "sec rests" in named.err
    assert "fetch.contact" in named.err
    every = chipwatch("poll", "--config", config, **LOCAL)
    assert every.status == 0
    assert site.keys == [None]  # the page alone was asked
    states = {line["id"]: line for line in chipwatch("sources", "--json", "--config", config).lines}
    assert [states[id_]["health"] for id_ in ("bills", "sec", "page")] == ["resting", "resting", "ok"]
    assert "data_gov_key" in states["bills"]["error_detail"]
    told = chipwatch("sources", "--config", config).out
    assert "resting" in told


def test_a_key_in_a_file_is_taken_from_there_and_hidden(chipwatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    ended = chipwatch("config", "show", "--json", CHIPWATCH_FETCH__DATA_GOV_KEY_FILE=str(secret))
    assert ended.status == 0, ended.err
    assert SECRET not in ended.out + ended.err
    assert "fetch.data_gov_key" in ended.out
