"""The shipped ledger: what it may hold, what it says on the days that matter, and how it is asked."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.knowledge.entry import event_from, to_toml
from bot.knowledge.event import Effect, Event, Layer
from bot.knowledge.ledger import AS_OF, MARKER_3A090, Ledger, load_ledger, names_of
from bot.knowledge.library import Knowledge
from bot.knowledge.proofreading import check
from bot.knowledge.recorded import chip_names, read_events

US = Layer.US_EXPORT
THERE = Layer.DESTINATION_SIDE


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


def standing(ledger: Ledger, layer: Layer, chip: str, destination: str, day: date) -> tuple[Event, Effect] | None:
    begun = [pair for pair in ledger.effects(layer, chip, destination) if pair[1].begins <= day]
    if not begun or begun[-1][1].status is None:
        return None
    ends = begun[-1][1].ends
    return None if ends and ends <= day else begun[-1]


def test_the_shipped_ledger_passes_its_own_proofreading(ledger: Ledger, knowledge: Knowledge) -> None:
    canonical = chip_names(knowledge.chips)
    assert [str(problem) for problem in check(ledger.events, lambda name: canonical(name) == name)] == []
    assert len(ledger) >= 117


def test_every_event_has_a_citation_that_was_public_when_the_evidence_ended(ledger: Ledger) -> None:
    for event in ledger.events:
        assert event.citations, event.id
        assert event.announced <= AS_OF, event.id
        for citation in event.citations:
            assert citation.date is None or citation.date <= AS_OF, event.id


UNCITED = {
    "EV-2025-07-28-01": "Cadence",
    "EV-2026-02-11-01": "Applied Materials",
    "EV-2026-04-02-01": "MATCH Act",
    "EV-2026-07-14-02": "S. 4784",
    "EV-2026-07-22-01": "H.R. 8800",
    "EV-2026-08-19-02": "offshore",
    "EV-2026-09-01-01": "South Korea",
    "EV-2026-09-14-01": "Annex I",
    "EV-2026-11-27-01": "suspension of the gallium",
}
"""The events of the research that name no source, each with words that only it would bring."""


def test_what_has_no_citation_stays_out(ledger: Ledger, shared: Path) -> None:
    timeline = json.loads((shared / "domain" / "timeline.json").read_text(encoding="utf-8"))
    assert {event["id"] for event in timeline["events"] if not event["sources"]} == UNCITED.keys()
    told = " ".join(f"{event.title} {event.summary}" for event in ledger.events)
    assert [words for words in UNCITED.values() if words in told] == []


def test_the_research_is_in_the_ledger_in_other_words(ledger: Ledger, shared: Path) -> None:
    timeline = json.loads((shared / "domain" / "timeline.json").read_text(encoding="utf-8"))
    days = {(event.effective if event.scheduled else event.announced) for event in ledger.events}
    days |= {event.effective for event in ledger.events} | {date(2025, 6, 10), date(2023, 5, 23)}
    told = {event.summary for event in ledger.events}
    for event in timeline["events"]:
        if event["sources"]:
            assert date.fromisoformat(event["date_announced"]) in days, event["id"]
            assert event["summary"] not in told, event["id"]


def test_no_status_of_the_sample_that_the_law_does_not_decide_is_missing(ledger: Ledger, shared: Path) -> None:
    sample = json.loads((shared / "domain" / "status-sample.json").read_text(encoding="utf-8"))
    seen = 0
    for row in sample["intervals"]:
        by_event = row["layer"] == "destination_side" or "by_letter" in row["status"]
        if not by_event or row["destination"] == "MY":
            continue
        first = date.fromisoformat(row["from"])
        last = date.fromisoformat(row["to"]) - timedelta(1) if row["to"] else AS_OF
        for day in (first, first + (last - first) / 2, last):
            found = standing(ledger, Layer(row["layer"]), row["chip"], row["destination"], day)
            assert found, (row["chip"], day)
            assert found[1].status == row["status"]
            assert found[1].begins == first
        seen += 1
    assert seen >= 10


@pytest.mark.parametrize(
    ("layer", "chip", "destination", "day", "status"),
    [
        (US, "A100", "CN", "2022-08-25", None),
        (US, "A100", "CN", "2022-08-26", "licence_required_by_letter_policy_unpublished"),
        (US, "MI250X", "HK", "2022-08-26", "licence_required_by_letter_policy_unpublished"),
        (US, "L40S", "CN", "2023-10-23", "licence_required_presumption_of_denial"),
        (US, "L40S", "MO", "2023-10-23", "licence_required_presumption_of_denial"),
        (US, "L40S", "CN", "2023-11-17", None),  # from here the rule itself says so
        (US, "H20", "CN", "2025-04-08", None),
        (US, "H20", "MO", "2025-04-09", "licence_required_by_letter_policy_unpublished"),
        (
            US,
            "H20",
            "MO",
            "2026-09-01",
            "licence_required_by_letter_policy_unpublished",
        ),  # nobody promised Macau anything
        (US, "H20", "HK", "2025-07-14", "licence_required_by_letter_approval_expected"),
        (US, "H20", "KH", "2026-02-02", "licence_required_by_letter_policy_unpublished"),
        (US, "H20", "KH", "2026-02-03", None),  # Cambodia leaves D:5
        (US, "MI308X", "CN", "2025-04-15", None),  # day unknown: from the announcement
        (US, "MI308X", "CN", "2025-07-15", "licence_required_by_letter_approval_expected"),
        (US, "MI308X", "CN", "2025-12-04", "licence_required_by_letter_some_licences_issued"),
        (US, "Gaudi 3", "CN", "2025-06-01", None),  # thresholds from the press make no status
        (THERE, "RTX PRO 6000D", "CN", "2025-09-15", "destination_discourages"),
        (THERE, "H200", "CN", "2026-01-12", "destination_discourages"),  # state-funded data centres only
        (THERE, "H200", "CN", "2026-01-13", "destination_bars_import"),
        (THERE, "RTX 5090D V2", "CN", "2026-05-15", "reported_import_halt_unconfirmed"),
        (THERE, "RTX 4090", "CN", "2026-05-15", None),
        (THERE, MARKER_3A090, "MY", "2025-07-14", "onward_permit_required"),
    ],
)
def test_letters_and_foreign_measures_hold_from_their_day(
    ledger: Ledger, layer: Layer, chip: str, destination: str, day: str, status: str | None
) -> None:
    found = standing(ledger, layer, chip, destination, date.fromisoformat(day))
    assert (found and found[1].status) == status


def test_statuses_that_began_before_anyone_could_know(ledger: Ledger) -> None:
    early = {
        (effect.layer, chip, place, (event.public_from - effect.begins).days)
        for event in ledger.events
        for effect in event.effects
        for chip in effect.chips
        for place in effect.destinations
        if effect.begins < event.public_from and place == "CN"
    }
    assert early == {
        (US, "A100", "CN", 5),
        (US, "H100", "CN", 5),
        (US, "MI250X", "CN", 5),
        *((US, chip, "CN", 1) for chip in ("A100", "A800", "H100", "H800", "L40S")),
        (US, "H20", "CN", 6),
        (THERE, "RTX PRO 6000D", "CN", 2),
        (THERE, "H200", "CN", 1),
    }


def test_what_is_only_foreseen_makes_no_status(ledger: Ledger) -> None:
    scheduled = [event for event in ledger.events if event.scheduled]
    assert {event.effective for event in scheduled} >= {
        date(2026, 11, 10),
        date(2026, 12, 31),
        date(2027, 1, 10),
        date(2027, 4, 6),
    }
    assert not any(event.effects for event in scheduled)


def test_the_ledger_is_written_and_read_back_without_loss(ledger: Ledger) -> None:
    again = Ledger(read_events(to_toml(ledger.events), limited=False))
    assert again.events == ledger.events
    assert again.digest == ledger.digest


def test_the_digest_changes_with_any_word(ledger: Ledger) -> None:
    first = ledger.events[0]
    changed = event_from({"id": first.id, "title": "x", "announced": first.announced, "kind": "rule", "summary": "y"})
    assert ledger.with_events([changed]).digest != ledger.digest
    assert Ledger(ledger.events, ledger.as_of, "2026.10.10").digest != ledger.digest


def test_a_recorded_event_replaces_the_one_with_its_id_and_the_status_follows(ledger: Ledger) -> None:
    effect = {"layer": "us_export", "chips": ["H20"], "destinations": ["CN"], "begins": "2026-11-20", "reason": "x"}
    table = {
        "id": "2026-11-20-h20-lifted",
        "title": "The letter on the H20 is withdrawn",
        "announced": date(2026, 11, 20),
        "kind": "licence_letter",
        "summary": "A made-up event.",
        "effect": [effect],
    }
    longer = ledger.with_events([event_from(table)])
    assert len(longer) == len(ledger) + 1
    assert standing(longer, US, "H20", "HK", date(2026, 11, 20)) is None
    assert standing(longer, US, "H20", "HK", date(2026, 11, 19)) is not None
    assert len(longer.with_events([event_from(table | {"title": "corrected"})])) == len(longer)
    assert standing(ledger, US, "H20", "HK", date(2026, 11, 20)) is not None


def test_events_about_a_chip_and_a_place(ledger: Ledger, knowledge: Knowledge) -> None:
    told = [event.id for event in ledger.about(chip="H20", destination="HK")]
    assert "2025-04-15-h20-letter" in told
    assert "2025-07-14-h20-assurance" in told
    assert "2026-01-14-h200-customs" not in told
    h100 = names_of(knowledge.chips["H100"])
    assert "2025-01-13-diffusion-rule" in [event.id for event in ledger.about(chip=h100, destination="MY")]
    assert "2025-01-13-diffusion-rule" not in [
        event.id for event in ledger.about(chip=names_of(knowledge.chips["H20"]))
    ]
    july = ledger.about(since=date(2025, 7, 1), until=date(2025, 8, 1))
    assert july
    assert all(date(2025, 7, 1) <= event.announced < date(2025, 8, 1) for event in july)
    assert list(ledger.events) == sorted(ledger.events, key=lambda event: (event.announced, event.id))
