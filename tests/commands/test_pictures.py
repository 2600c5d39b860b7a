"""The pictures say what the knowledge says: lanes, clocks, events, the order of the matrix."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.cards.charts.labels import shade_of
from bot.commands.pictures import clocks_picture, limits_picture, matrix_picture, timeline_picture
from bot.commands.pictures.clocks import _known
from bot.commands.pictures.figures import shown
from bot.commands.pictures.happenings import ACTS, MOST
from bot.commands.pictures.stretches import word_of
from bot.errors import UserError
from bot.knowledge.event import Layer
from bot.knowledge.library import Knowledge
from bot.knowledge.statuses import StatusName
from bot.locale.catalogue import LANGUAGES, catalogue

PAIRS = [("H20", "CN"), ("H20", "HK"), ("H200", "CN"), ("MI308X", "CN"), ("A800", "CN"), ("H200", "AE"), ("HBM", "MO")]


@pytest.fixture(scope="module")
def known():
    return Knowledge.load()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_a_word_of_its_own(language):
    words = [word_of(catalogue(language), status) for status in StatusName]
    assert len(set(words)) == len(StatusName)
    assert all(words)


def test_every_kind_of_act_is_a_kind_of_the_ledger(known):
    assert {event.kind for event in known.ledger.events} >= ACTS


@pytest.mark.parametrize(("chip", "place"), PAIRS)
def test_the_second_clock_is_what_was_known_on_each_day(known, chip, place):
    say, first = catalogue("en"), known.ledger.begins
    lane = _known(known, say, known.chips.find(chip), place, first)
    dice = random.Random(f"{chip} {place}")
    for day in (first + timedelta(days=dice.randrange(1560)) for _ in range(60)):
        (shown_then,) = [s for s in lane if s.begins <= day and (s.ends is None or day < s.ends)]
        layer = known.status(chip, place, day, known_on=day).us_export
        assert shown_then.shade == shade_of(layer.name if layer else None), day


def test_the_letter_of_april_2025_bound_six_days_before_anyone_could_know(known):
    words = clocks_picture(known, "H20", "China", asked=date(2025, 5, 20))["description"]
    assert "days in force before public: 6 (9 Apr 2025 – 15 Apr 2025)" in words


def test_a_timeline_begins_each_status_on_its_day(known):
    words = timeline_picture(known, "H20", ("CN",), ends=date(2026, 11, 24))["description"]
    for status in known.lanes("H20", "CN")[Layer.US_EXPORT]:
        if status.since >= date(2025, 4, 9):
            assert f"from {status.since.day} {status.since:%b %Y}" in words
    assert "Letter to Nvidia: the H20 needs a licence" in words
    assert words.split("Events: ")[1].count("; ") < MOST + 2


def test_what_happened_elsewhere_is_not_told(known):
    assert "Malaysia" not in timeline_picture(known, "RTX 4090", ("CN", "AE"))["description"]
    assert "Malaysia asks for a permit" in timeline_picture(known, "H200", ("MY",))["description"]


@pytest.mark.parametrize(
    ("language", "title"),
    [("de", "Schreiben an Nvidia: Der H20 braucht eine Genehmigung"), ("zh", "致英伟达的信函：H20须许可证")],
)
def test_events_are_told_in_the_language_of_the_picture(known, language, title):
    assert title in timeline_picture(known, "H20", language=language)["description"]
    clocks = clocks_picture(known, "H20", "CN", language, asked=date(2025, 5, 20))
    rows = clocks["vconcat"][-1]["layer"][0]["data"]["values"]
    below = "".join(row["line"] for row in rows).replace(" ", "")  # lines break at blanks, in Chinese anywhere
    assert below.count(title.replace(" ", "")) == 2, "the day it bound, and the day it was public"


def test_an_event_recorded_here_keeps_its_title_in_a_picture(known):
    event = next(event for event in known.ledger.events if event.id == "2025-04-15-h20-letter")
    with_own = known.with_ledger(known.ledger.with_events([replace(event, title="Our own words on the letter")]))
    assert "Our own words on the letter" in timeline_picture(with_own, "H20", language="de")["description"]


def test_the_matrix_keeps_one_order_on_every_day(known):
    early, late = (
        matrix_picture(known, day)["vconcat"][0]["encoding"] for day in (date(2023, 1, 1), date(2026, 11, 24))
    )
    assert early["y"]["sort"] == late["y"]["sort"] == list(shown("matrix", "chips"))
    assert early["x"]["sort"] == late["x"]["sort"]
    assert list(shown("matrix", "destinations")) == sorted(shown("matrix", "destinations")), "by ISO code"


def test_the_matrix_shows_the_status_of_each_field(known):
    day = date(2026, 11, 24)
    rows = matrix_picture(known, day, "en", asked="T4")["vconcat"][0]["data"]["values"]
    assert {row["chip"] for row in rows} == {*shown("matrix", "chips"), "▶ T4"}
    (field,) = [row for row in rows if (row["chip"], row["place"]) == ("B200", "China")]
    assert field["word"] == "licence, denial expected"


def test_the_limits_map_knows_where_each_chip_stands(known):
    words = limits_picture(known, asked="MLU370")["description"]
    assert "MLU370: TPP 2,048, PD unknown, unclear" in words
    assert "H20: TPP 2,368, PD 2.91, outside 3A090.a and .b" in words


def test_unknown_chips_and_places_get_help(known):
    with pytest.raises(UserError, match="water"):
        timeline_picture(known, "H2O")
    with pytest.raises(UserError, match="destination"):
        clocks_picture(known, "H20", "Atlantis")
