"""A recording answers as the network did; what was recorded can be replayed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SetClock, SystemClock
from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Request, Validators
from bot.fetch.network import Network
from bot.fetch.recorder import Recorder
from bot.fetch.recording import RecordedTransport, Recording
from tests.fakes.publisher import rss
from tests.liveness import lively

DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


def recording(folder: Path, *lines: dict[str, Any], raw: str = "") -> Path:
    (folder / "bodies").mkdir(exist_ok=True)
    (folder / "sources.toml").write_text("")
    texts = []
    for n, line in enumerate(lines):
        body = line.pop("says", f"body {n}")
        (folder / "bodies" / str(n)).write_text(body)
        texts.append(json.dumps({"status": 200, "headers": {}, "body": f"bodies/{n}"} | line))
    (folder / "index.jsonl").write_text("\n".join(texts) + "\n" + raw)
    return folder


def line(url: str, hours: int = 0, **more) -> dict[str, Any]:
    return {"at": (DAY + timedelta(hours=hours)).isoformat(), "url": url} | more


async def ask(folder: Path, url: str, hours: int = 0, **options) -> str:
    clock = SetClock(DAY + timedelta(hours=hours))
    try:
        answer = await RecordedTransport(Recording.open(folder), clock).get(Request(url, **options))
    except SourceError as error:
        return error.name
    return "304" if answer.not_modified else answer.text()


async def test_the_newest_answer_at_or_before_the_moment_is_given(tmp_path):
    tape = recording(tmp_path, line("https://a.example/f", 0), line("https://a.example/f", 5))
    assert await ask(tape, "https://a.example/f", -1) == "http_404"
    assert await ask(tape, "https://a.example/f", 0) == "body 0"
    assert await ask(tape, "https://a.example/f", 4) == "body 0"
    assert await ask(tape, "https://a.example/f", 5) == "body 1"


async def test_of_one_instant_the_last_line_counts(tmp_path):
    tape = recording(tmp_path, line("https://a.example/f"), line("https://a.example/f"))
    assert await ask(tape, "https://a.example/f") == "body 1"


async def test_recorded_parameters_must_stand_in_the_request_and_the_most_specific_wins(tmp_path):
    tape = recording(
        tmp_path,
        line("https://a.example/f?x=1"),
        line("https://a.example/f?x=1&conditions[a][]=b%20c"),
        line("https://a.example/f?x=2"),
    )
    assert await ask(tape, "https://a.example/f") == "http_404"
    assert await ask(tape, "https://a.example/f?x=1&more=9") == "body 0"
    assert await ask(tape, "https://a.example/f?x=1", params=(("conditions[a][]", "b c"), ("n", "1"))) == "body 1"
    assert await ask(tape, "https://a.example/f?x=3") == "http_404"


@pytest.mark.parametrize(
    "url", ["https://A.example/caf%C3%A9", "https://a.example:443/café", "https://a.example/caf%c3%a9"]
)
async def test_addresses_are_compared_decoded(tmp_path, url):
    assert await ask(recording(tmp_path, line("https://a.example/café")), url) == "body 0"


@pytest.mark.parametrize(
    "url", ["http://a.example/f", "https://b.example/f", "https://a.example/g", "https://a.example:8443/f"]
)
async def test_scheme_host_port_and_path_must_be_the_same(tmp_path, url):
    assert await ask(recording(tmp_path, line("https://a.example/f")), url) == "http_404"


async def test_validators_are_honoured(tmp_path):
    tape = recording(
        tmp_path,
        line("https://a.example/f", headers={"ETag": '"1"', "LAST-MODIFIED": "Mon, 01 Jun 2026 12:00:00 GMT"}),
    )
    url = "https://a.example/f"
    assert await ask(tape, url, validators=Validators('"1"')) == "304"
    assert await ask(tape, url, validators=Validators('W/"1"')) == "304"
    assert await ask(tape, url, validators=Validators('"2"')) == "body 0"
    assert await ask(tape, url, validators=Validators(None, "Mon, 01 Jun 2026 12:00:00 GMT")) == "304"
    assert await ask(tape, url, validators=Validators('"2"', "Mon, 01 Jun 2026 12:00:00 GMT")) == "body 0"


@pytest.mark.parametrize(
    ("status", "headers", "name"),
    [
        (403, {}, "http_403"),
        (504, {}, "http_504"),
        (429, {"Retry-After": "60"}, "asked_to_wait"),
        (429, {}, "http_429"),
    ],
)
async def test_recorded_refusals_are_refusals(tmp_path, status, headers, name):
    assert (
        await ask(
            recording(tmp_path, line("https://a.example/f", status=status, headers=headers)), "https://a.example/f"
        )
        == name
    )


async def test_which_instants_have_an_answer_for_a_request(tmp_path):
    tape = Recording.open(
        recording(
            tmp_path, line("https://a.example/f", 0), line("https://b.example/f", 1), line("https://a.example/f", 2)
        )
    )
    request = Request("https://a.example/f")
    assert [tape.answers_at(request, at) for at in tape.instants] == [True, False, True]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("this is no JSON\n", "index.jsonl:2"),
        ('{"at": "yesterday", "url": "https://a.example", "status": 200, "body": "bodies/0"}', "index.jsonl:2"),
        (
            '{"at": "2026-06-01T12:00:00Z", "url": "https://a.example", "status": 200, "body": "bodies/gone"}',
            "bodies/gone",
        ),
        (
            '{"at": "2026-06-01T12:00:00Z", "url": "https://a.example", "status": 200, "body": "../../../etc/passwd"}',
            "outside",
        ),
        ('{"at": "2026-06-01T12:00:00Z", "status": 200, "body": "bodies/0"}', "url"),
        ("[]", "index.jsonl:2"),
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path, raw, said):
    folder = recording(tmp_path, line("https://a.example/f"), raw=raw)
    with pytest.raises(ConfigError, match=said):
        Recording.open(folder)


def test_an_empty_recording_and_a_missing_folder_say_so(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="holds no answer"):
        Recording.open(recording(tmp_path / "empty"))
    with pytest.raises(ConfigError, match="is not there"):
        Recording.open(tmp_path / "nowhere")


async def test_an_earlier_specific_answer_outweighs_a_later_general_one(tmp_path):
    tape = recording(tmp_path, line("https://a.example/f?x=1&page=2", 0), line("https://a.example/f?x=1", 1))
    assert await ask(tape, "https://a.example/f?x=1&page=2", 2) == "body 0"
    assert await ask(tape, "https://a.example/f?x=1&page=2", -1) == "http_404"


async def test_before_the_specific_answer_the_general_one_stands(tmp_path):
    tape = recording(tmp_path, line("https://a.example/f?x=1&page=2", 2), line("https://a.example/f?x=1", 0))
    assert await ask(tape, "https://a.example/f?x=1&page=2", 1) == "body 1"
    opened = Recording.open(tape)
    request = Request("https://a.example/f?x=1&page=2")
    assert opened.answers_at(request, DAY)
    assert not opened.answers_at(request, DAY - timedelta(hours=1))


async def test_lines_need_not_stand_in_the_order_of_time(tmp_path):
    tape = recording(tmp_path, line("https://a.example/f", 5), line("https://a.example/f", 0))
    assert await ask(tape, "https://a.example/f", 4) == "body 1"
    assert await ask(tape, "https://a.example/f", 5) == "body 0"
    assert Recording.open(tape).instants == (DAY, DAY + timedelta(hours=5))


async def test_a_recorded_redirect_is_followed_in_the_recording(tmp_path):
    tape = recording(
        tmp_path,
        line("https://a.example/old", 0, status=301, headers={"location": "/new?x=1"}),
        line("https://a.example/new?x=1", 0),
        line("https://a.example/new?x=1", 3),
        line("https://a.example/lost", 0, status=302, headers={"Location": "https://b.example/"}),
        line("https://a.example/loop", 0, status=302, headers={"Location": "/loop"}),
    )
    assert await ask(tape, "https://a.example/old", 2) == "body 1"
    assert await ask(tape, "https://a.example/lost", 2) == "http_404"
    assert await ask(tape, "https://a.example/loop", 2) == "too_many_redirects"
    opened, request = Recording.open(tape), Request("https://a.example/old")
    assert [opened.answers_at(request, DAY + timedelta(hours=n)) for n in range(4)] == [True, False, False, True]


async def test_a_recorded_body_beyond_the_cap_is_too_large(tmp_path):
    tape = recording(tmp_path, line("https://a.example/f"))
    assert await ask(tape, "https://a.example/f", max_bytes=6) == "body 0"
    assert await ask(tape, "https://a.example/f", max_bytes=5) == "too_large"


async def test_a_recorded_wait_counts_from_the_recordings_own_present(tmp_path):
    tape = recording(tmp_path, line("https://a.example/f", status=503, headers={"retry-after": "60"}))
    clock = SetClock(DAY + timedelta(hours=1))
    with pytest.raises(SourceError) as waiting:
        await RecordedTransport(Recording.open(tape), clock).get(Request("https://a.example/f"))
    assert waiting.value.retry_at == DAY + timedelta(hours=1, minutes=1)


def test_a_link_out_of_the_recording_is_not_followed(tmp_path):
    folder = recording(tmp_path, line("https://a.example/f"))
    (folder / "bodies" / "0").unlink()
    (folder / "bodies" / "0").symlink_to("/etc/passwd")
    with pytest.raises(ConfigError, match="is missing"):
        Recording.open(folder)


async def test_a_body_that_vanishes_later_is_named(tmp_path):
    folder = recording(tmp_path, line("https://a.example/f"))
    opened = Recording.open(folder)
    (folder / "bodies" / "0").unlink()
    with pytest.raises(ConfigError, match="bodies/0"):
        await RecordedTransport(opened, SetClock(DAY)).get(Request("https://a.example/f"))


def test_many_answers_are_found_fast(tmp_path):
    """400 instants of 200 sources: what a replay asks of the index costs it a second at the most."""
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies" / "0").write_text("x")
    moments = [(DAY + timedelta(hours=n)).isoformat() for n in range(400)]
    lines = [
        f'{{"at":"{at}","url":"https://s{n}.example/feed?a=b","status":200,"headers":{{}},"body":"bodies/0"}}'
        for at in moments
        for n in range(200)
    ]
    (tmp_path / "index.jsonl").write_text("\n".join(lines))
    with lively(2):
        opened = Recording.open(tmp_path)
    requests = [Request(f"https://s{n}.example/feed", (("a", "b"),)) for n in range(200)]
    with lively(0.4):
        assert sum(opened.answers_at(request, at) for at in opened.instants for request in requests) == 80_000


@pytest.mark.parametrize("name", ["news-2019-2026", "federal-register-2020-2026", "official-services"])
def test_the_real_recordings_open(shared, name):
    opened = Recording.open(shared / "recordings" / name)
    assert list(opened.instants) == sorted(set(opened.instants))


async def test_what_is_recorded_from_the_network_replays_alike(tmp_path, publisher):
    network = Network(clock=SystemClock(), allow_private=("127.0.0.1",))
    recorder = Recorder(network, tmp_path / "tape", "")
    url = publisher.says("feed", rss(), ETag='"1"', Content_Type="application/rss+xml", Set_Cookie="id=secret")
    live = await recorder.get(Request(url, params=(("a", "b c"),)))
    publisher.says("gone", "", 410)
    with pytest.raises(SourceError):
        await recorder.get(Request(publisher.url("gone")))
    await recorder.close()
    tape = Recording.open(tmp_path / "tape")
    replayed = await RecordedTransport(tape, SystemClock()).get(Request(url, params=(("a", "b c"),)))
    assert (replayed.body, replayed.headers["etag"]) == (live.body, '"1"')
    assert "secret" not in (tmp_path / "tape" / "index.jsonl").read_text()
    with pytest.raises(SourceError, match="http_410"):
        await RecordedTransport(tape, SystemClock()).get(Request(publisher.url("gone")))


async def test_a_recording_that_was_cut_short_is_a_shorter_recording(tmp_path, publisher):
    recorder = Recorder(Network(clock=SystemClock(), allow_private=("127.0.0.1",)), tmp_path, "")
    for n in range(3):
        await recorder.get(Request(publisher.says(f"feed{n}", rss(n + 1))))
    await recorder.close()
    index = tmp_path / "index.jsonl"
    assert len(Recording.open(tmp_path).instants) == 3
    index.write_bytes(b"\n".join(index.read_bytes().split(b"\n")[:2]) + b"\n")
    assert len(Recording.open(tmp_path).instants) == 2


def test_reading_a_recording_imports_no_http_client():
    script = "import sys, bot.fetch.recording, bot.fetch.charset; print('aiohttp' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )


async def test_only_what_is_new_is_written_and_an_end_of_an_outage_is_new(tmp_path, publisher, network):
    recorder = Recorder(network, tmp_path, "")
    url = publisher.says("feed", "one", ETag='"1"')
    first = await recorder.get(Request(url, validators=Validators('"1"')))
    assert "If-None-Match" not in publisher.headers  # the recording needs the body that the store has already
    await recorder.get(Request(url, validators=first.validators))
    publisher.says("feed", "", 500)
    with pytest.raises(SourceError):
        await recorder.get(Request(url))
    publisher.says("feed", "", 304)
    await recorder.get(Request(url, validators=first.validators))
    publisher.says("feed", "two")
    await recorder.get(Request(url))
    lines = [json.loads(text) for text in (tmp_path / "index.jsonl").read_text().splitlines()]
    assert [row["status"] for row in lines] == [200, 500, 200, 200]
    assert [(tmp_path / row["body"]).read_text() for row in lines] == ["one", "", "one", "two"]


async def test_a_redirect_and_a_cut_answer_replay_alike(tmp_path, publisher, network):
    recorder = Recorder(network, tmp_path, "")
    whole = rss().encode()
    publisher.cuts("new", whole, 100)
    url = publisher.redirects("old", "/new")
    await recorder.get(Request(url))
    replayed = await RecordedTransport(Recording.open(tmp_path), SystemClock()).get(Request(url))
    assert (replayed.url, replayed.body, replayed.cut) == (publisher.url("new"), whole[:100], True)


async def test_keys_are_not_written_down_and_not_missed(tmp_path, publisher, network):
    recorder = Recorder(network, tmp_path, "")
    request = Request(publisher.says("api", "x"), (("api_key", "hush"), ("a", "b")), {"X-Key": "hush"})
    await recorder.get(request)
    assert "hush" not in (tmp_path / "index.jsonl").read_text()
    assert (await RecordedTransport(Recording.open(tmp_path), SystemClock()).get(request)).body == b"x"


@pytest.mark.parametrize("url", ["http://[::1", "https://a.example:port/", ""])
async def test_what_is_no_address_is_an_error_of_the_source_and_no_crash(tmp_path, network, url):
    assert await ask(recording(tmp_path, line("https://a.example/f")), url) == "http_404"
    with pytest.raises(SourceError, match="address_refused"):
        await Recorder(network, tmp_path / "tape", "").get(Request(url))


async def test_half_a_line_is_removed_when_recording_goes_on(tmp_path, publisher, network):
    recording(tmp_path, line("https://a.example/f"), raw='{"at": "2026-06-01T12:00')
    with pytest.raises(ConfigError, match=r"index\.jsonl:2"):
        Recording.open(tmp_path)
    recorder = Recorder(network, tmp_path, "[[source]]")
    await recorder.get(Request(publisher.says("feed", "x")))
    assert len(Recording.open(tmp_path).instants) == 2
    assert (tmp_path / "sources.toml").read_text() == "[[source]]"


async def test_where_nothing_can_be_written_the_start_says_so_and_later_the_answers_go_on(tmp_path, publisher, network):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        Recorder(network, tmp_path / "file" / "tape", "")
    told: list[str] = []
    recorder = Recorder(network, tmp_path / "tape", "", told.append)
    (tmp_path / "tape" / "bodies").rmdir()
    (tmp_path / "tape" / "bodies").write_text("in the way")
    url = publisher.says("feed", "x")
    assert [(await recorder.get(Request(url))).body for _ in range(2)] == [b"x", b"x"]
    assert len(told) == 1


def test_a_recording_that_is_killed_at_any_moment_can_be_read(tmp_path):
    """Twenty kills at random moments of a busy recorder."""
    for n in range(20):
        folder = tmp_path / str(n)
        child = subprocess.Popen([sys.executable, "-c", BUSY_RECORDER, str(folder)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.003 * n)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert Recording.open(folder).instants


BUSY_RECORDER = """
import asyncio, sys
from datetime import UTC, datetime
from bot.fetch.exchange import Answer, Request
from bot.fetch.recorder import Recorder

class Endless:
    count = 0
    async def get(self, request):
        self.count += 1
        return Answer(request.url, 200, {}, b"%d" % self.count * 20000, datetime.now(UTC))
    async def close(self):
        pass

async def main():
    recorder = Recorder(Endless(), sys.argv[1], "")
    await recorder.get(Request("https://a.example/f"))
    print("begun", flush=True)
    while True:
        await recorder.get(Request("https://a.example/f"))

asyncio.run(main())
"""
