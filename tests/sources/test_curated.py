"""The list of publishers that ships, and the mistakes that a list can hold, each with its place."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from bot.errors import ConfigError
from bot.model import Trust
from bot.sources.base import Source
from bot.sources.canonical import canonical_link
from bot.sources.curated import as_toml, load_sources, sources_of_recording

SHIPPED = Path(__file__).parents[2] / "config/sources"


TWO_TABLES = """\
[[source]]
id = "b"
kind = "feed"
url = "https://b.example/"
[[source]]
id = "a"
kind = "feed"
url = "https://a.example/"
langauge = "de"
"""


@pytest.fixture(scope="module")
def shipped() -> list[Source]:
    return load_sources(SHIPPED)


def test_the_decoder_ships_in_both_languages(shipped: list[Source]) -> None:
    decoders = {source.language: source for source in shipped if "DECODER" in source.label}
    assert {"de", "en"} == set(decoders)
    assert all(source.enabled for source in decoders.values())


def test_every_source_says_who_speaks_where_and_how_often(shipped: list[Source]) -> None:
    for source in shipped:
        assert source.name, source.id
        assert source.jurisdiction, source.id
        assert source.expected_silence, source.id
        assert (source.interval is None) != (source.cron is None), source.id
        assert source.interval is None or source.interval >= 900, source.id
        for line in source.crons:
            next(CronSim(line, datetime(2026, 1, 1, tzinfo=ZoneInfo(source.timezone))))


def test_no_address_is_polled_twice(shipped: list[Source]) -> None:
    addresses = [canonical_link(source.url) for source in shipped if source.url]
    assert len(addresses) == len(set(addresses))


def test_the_register_s_agency_has_the_slug_that_is_answered(shipped: list[Source]) -> None:
    bis = next(source for source in shipped if source.id == "federal-register-bis")
    assert bis.model_dump()["agencies"] == ("industry-and-security-bureau",)
    assert bis.trust is Trust.OFFICIAL


def test_what_is_off_says_why(shipped: list[Source]) -> None:
    off = [source for source in shipped if not source.enabled]
    lines = [line for file in SHIPPED.glob("*.toml") for line in file.read_text("utf-8").splitlines()]
    reasons = [line for line in lines if line.startswith("enabled = false") and "# " in line]
    assert len(off) == len(reasons) > 0


def test_a_list_written_and_read_again_is_the_same(shipped: list[Source], tmp_path: Path) -> None:
    odd = shipped[0].model_copy(update={"id": "odd", "name": 'A "quoted" \\ name\nof two lines\x07'})
    file = tmp_path / "sources.toml"
    file.write_text(as_toml([*shipped, odd]), encoding="utf-8")
    assert sources_of_recording(file) == [*shipped, odd] == sources_of_recording(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('[[source]]\nid = "a"\nkind = "feed"\nurl = "https://a.example/"\nlangauge = "de"\n', 5, "'language'"),
        ('[[source]]\nid = "a"\n\nkind = "fed"\nurl = "https://a.example/"\n', 4, "'feed'"),
        ('[[source]]\nid = "a"\nkind = "feed"\n', 1, "`url`"),
        ('[[source]]\nid = "a"\nkind = "feed"\nurl = "ftp://a.example/"\n', 4, "http"),
        ('# first\n[[source]]\nid = "a"\nurl = "https://a.example/"\n', 2, "`kind` is missing"),
        ('[[source]]\nid = "a"\nkind = "feed"\nurl = "https://a.example/"\ntrust = "rumor"\n', 5, "rumour"),
        ('[[source]]\nid = "a"\nkind = "feed"\nurl = "https://a.example/"\ninterval = "often"\n', 5, "number"),
        ('[[sources]]\nid = "a"\n', 1, "'source'"),
        ('[source]\nid = "a"\n', 1, "[[source]]"),
        ("[[source]]\nid = \n", 2, "TOML"),
        (TWO_TABLES, 9, "'language'"),
    ],
)
def test_a_mistake_has_a_file_a_line_and_the_nearest_right_word(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_sources(tmp_path)
    assert (caught.value.file, caught.value.line) == (file, line)
    assert told in str(caught.value)


def test_an_id_that_stands_twice_names_both_places(tmp_path: Path) -> None:
    table = '[[source]]\nid = "a"\nkind = "feed"\nurl = "https://a.example/"\n'
    (tmp_path / "one.toml").write_text(table)
    (tmp_path / "two.toml").write_text("# another\n" + table)
    with pytest.raises(ConfigError) as caught:
        load_sources(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'two.toml'}:2:")
    assert f"{tmp_path / 'one.toml'}:1" in str(caught.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load_sources(tmp_path / "none")
    with pytest.raises(ConfigError, match="no such list"):
        sources_of_recording(tmp_path)


@pytest.mark.shared
def test_the_recordings_lists_are_read(shared: Path) -> None:
    assert len(sources_of_recording(shared / "recordings/news-2019-2026")) == 124
    assert len(sources_of_recording(shared / "recordings/federal-register-2020-2026/sources.toml")) == 2


def test_the_year_has_no_gap_in_what_the_register_s_cron_covers(shipped: list[Source]) -> None:
    bis = next(source for source in shipped if source.id == "federal-register-bis")
    zone = ZoneInfo(bis.timezone)
    assert bis.cron is not None
    week = datetime(2026, 3, 6, 12, 0, tzinfo=zone)  # in which the clocks change
    runs = [CronSim(line, week) for line in bis.crons]
    hours = {next(run).astimezone(UTC).date() for run in runs for _ in range(100)}
    assert len(hours) >= 3
