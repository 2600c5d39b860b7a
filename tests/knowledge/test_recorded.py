"""Recording events: what is refused, with which line, and what the snapshot file keeps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.knowledge.entry import to_toml
from bot.knowledge.ledger import Ledger, load_ledger
from bot.knowledge.library import Knowledge
from bot.knowledge.recorded import chip_names, examine, read_events
from bot.knowledge.snapshot import Report, Snapshot, read_snapshot, snapshot_from, snapshot_path
from tests.liveness import lively

GOOD = """\
# a remark
[[event]]
id = "2026-11-20-mi308"
title = "MI308 needs no licence any more"
announced = 2026-11-20
kind = "licence_letter"
summary = "A made-up event for this test."
chips = ["MI308"]
destinations = ["CN"]
links = [{ relation = "rescinds", event = "2025-12-04-mi308-licences" }]

[[event.citation]]
title = "The maker"
url = "https://ir.amd.com/made-up"

[[event.effect]]
layer = "us_export"
chips = ["Instinct MI308"]
destinations = ["CN"]
begins = 2026-11-20
reason = "The letter was withdrawn."
"""


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


def refused(text: str, ledger: Ledger, knowledge: Knowledge) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        examine(text, ledger, chip_names(knowledge.chips), "new.toml")
    return caught.value


def test_a_sound_event_is_taken_with_the_catalogues_names(ledger: Ledger, knowledge: Knowledge) -> None:
    (event,) = examine(GOOD, ledger, chip_names(knowledge.chips))
    assert event.chips == ("MI308X",)
    assert event.effects[0].chips == ("MI308X",)
    after = knowledge.with_ledger(ledger.with_events([event]))
    status = after.status("MI308", "HK", date(2026, 11, 20)).us_export
    assert status
    assert "by_letter" not in str(status.name)
    assert read_events(to_toml([event])) == (event,)


@pytest.mark.parametrize(
    ("was", "becomes", "line", "says"),
    [
        ('url = "https://ir.amd.com/made-up"', 'url = "http://ir.amd.com/made-up"', 12, "https"),
        ('url = "https://ir.amd.com/made-up"', 'url = "https://frtracker.app/fr/1"', 12, "cite the publisher"),
        ("announced = 2026-11-20\n", "", 2, "announced"),
        ("announced = 2026-11-20", 'announced = "2026-02-30"', 5, "no day"),
        ("announced = 2026-11-20", "announced = 2026-11-20T10:00:00Z", 5, "without a time"),
        ("begins = 2026-11-20\n", "", 2, "dateless"),
        ("begins = 2026-11-20", "begins = 2026-11-19", 20, "before the event itself"),
        ('kind = "licence_letter"', 'kind = "gossip"', 6, "gossip"),
        ('chips = ["MI308"]', 'chips = ["MI9000"]', 8, "MI9000"),
        ('relation = "rescinds"', 'relation = "likes"', None, "likes"),
        ('event = "2025-12-04-mi308-licences"', 'event = "no-such"', 10, "no-such"),
        ('layer = "us_export"', 'layer = "us_export"\nstatus = "allowed"', 18, "no status name"),
        ('layer = "us_export"', 'layer = "us_export"\nstatus = "destination_bars_import"', 17, "other layer"),
        ('summary = "A made', 'sumary = "A made', 7, "sumary"),
        ('title = "The maker"', 'title = "The maker', 13, "not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    ledger: Ledger, knowledge: Knowledge, was: str, becomes: str, line: int | None, says: str
) -> None:
    assert was in GOOD
    error = refused(GOOD.replace(was, becomes, 1), ledger, knowledge)
    assert says in str(error)
    if line is not None:
        assert error.line == line


def test_no_effect_takes_the_place_of_another_without_a_link(ledger: Ledger, knowledge: Knowledge) -> None:
    unlinked = GOOD.replace('links = [{ relation = "rescinds", event = "2025-12-04-mi308-licences" }]\n', "")
    assert "2025-12-04-mi308-licences still holds" in str(refused(unlinked, ledger, knowledge))
    through = GOOD.replace("2025-12-04-mi308-licences", "2026-08-05-amd-filing")
    assert "still holds" in str(refused(through, ledger, knowledge))


def test_an_effect_for_hong_kong_meets_those_for_china(ledger: Ledger, knowledge: Knowledge) -> None:
    hong_kong = GOOD.replace('destinations = ["CN"]', 'destinations = ["HK"]').replace(
        'links = [{ relation = "rescinds", event = "2025-12-04-mi308-licences" }]\n', ""
    )
    assert "2025-12-04-mi308-licences still holds" in str(refused(hong_kong, ledger, knowledge))


def test_an_event_without_citation_is_refused(ledger: Ledger, knowledge: Knowledge) -> None:
    bare = GOOD.replace('[[event.citation]]\ntitle = "The maker"\nurl = "https://ir.amd.com/made-up"\n', "")
    assert "citation" in str(refused(bare, ledger, knowledge))


def test_a_foreseen_event_may_not_bring_a_status(ledger: Ledger, knowledge: Knowledge) -> None:
    foreseen = GOOD.replace(
        "announced = 2026-11-20", "announced = 2026-11-20\neffective = 2026-12-20\nscheduled = true"
    )
    assert "only foreseen" in str(
        refused(foreseen.replace("begins = 2026-11-20", "begins = 2026-12-20"), ledger, knowledge)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "event = 3",
        "[other]\n",
        "a" + ".a" * 50_000 + " = 1",
        "[event" + '."x y"' * 20_000 + "]",
        "a = " + "[" * 100_000,
        '"""' + '\\"""' * 50_000,
        "x" * 300_000,
        "[[event]]\n" * 101,
        "\x00",
        "[[event]]\nid = 5",
    ],
)
def test_hostile_text_is_refused_at_once(text: str) -> None:
    with lively(0.2), pytest.raises(ConfigError):
        read_events(text)


def test_words_of_strangers_survive_the_way_through_toml(ledger: Ledger, knowledge: Knowledge) -> None:
    (event,) = read_events(
        GOOD.replace("A made-up event for this test.", 'a \\"quote\\", \\\\ and \\u0000 输 🧪 ${x}\\n[[event]]')
    )
    assert read_events(to_toml([event, event]))[1] == event


def test_the_snapshot_keeps_events_and_reports(tmp_path: Path) -> None:
    report = Report(
        "H20 再禁", "https://example.org/a", "reuters", "press", date(2026, 11, 21), ("H20",), ("CN",), "s-1"
    )
    kept = Snapshot(read_events(GOOD), (report,))
    file = tmp_path / "chipwatch.db.knowledge.json"
    file.write_bytes(kept.to_bytes())
    found = read_snapshot(file)
    assert found == kept
    assert found.to_bytes() == kept.to_bytes()
    assert [row["title"] for row in found.reported("H20", "HK")] == ["H20 再禁"]
    assert found.reported("H20", "MO") == []
    assert found.reported("H20", "CN", since=date(2026, 11, 22)) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"format": 2}',
        b'{"format": 1}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": 1, "events": "", "reports": [{}]}',
        b'{"format": 1, "events": 5, "reports": []}',
        b'{"format": 1, "events": "[[event]]", "reports": []}',
    ],
)
def test_a_damaged_snapshot_is_said_and_not_guessed(content: bytes) -> None:
    with pytest.raises(ConfigError):
        snapshot_from(content, "beside.json")


def test_where_the_snapshot_lies() -> None:
    assert snapshot_path("sqlite:///var/chipwatch.db") == Path("var/chipwatch.db.knowledge.json")
    assert snapshot_path("sqlite:////srv/c.db?mode=ro") == Path("/srv/c.db.knowledge.json")
    assert snapshot_path("sqlite://") is None
    assert snapshot_path("sqlite:///:memory:") is None
    assert snapshot_path("postgresql://somebody@db/chipwatch") is None
