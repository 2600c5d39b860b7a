"""What was known on a day: nothing that was learnt later decides, is told, or is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.knowledge.citing import readable_by
from bot.knowledge.entry import to_toml
from bot.knowledge.event import Citation
from bot.knowledge.ledger import load_ledger
from bot.knowledge.library import Knowledge
from bot.knowledge.promises import promises
from bot.knowledge.proofreading import check
from bot.knowledge.provision import LEDGER_BEGINS, PROVISIONS
from bot.knowledge.recorded import read_events
from bot.knowledge.status import Status

LETTER = "licence_required_by_letter_policy_unpublished"
NONE = "no_licence_required"
DENIAL = "licence_required_presumption_of_denial"


def us(knowledge: Knowledge, chip: str, place: str, day: str, **asked: str) -> tuple[str, str | None]:
    layer = knowledge.status(chip, place, day, **asked).us_export
    assert layer is not None
    return str(layer.name), layer.until.isoformat() if layer.until else None


@pytest.mark.parametrize(("chip", "after"), [("H20", NONE), ("MI308X", "undetermined")])
def test_an_end_is_not_known_before_it_was_public(knowledge: Knowledge, chip: str, after: str) -> None:
    """Cambodia left group D:5, which both letters name, on 3 February 2026."""
    assert us(knowledge, chip, "KH", "2026-02-02") == (LETTER, "2026-02-03")
    assert us(knowledge, chip, "KH", "2026-02-03") == (after, None)
    assert us(knowledge, chip, "KH", "2026-02-05", known_on="2026-02-01") == (LETTER, None)
    assert us(knowledge, chip, "KH", "2026-02-05", known_on="2026-02-03") == (after, None)
    then = knowledge.status(chip, "KH", "2025-06-01", known_on="2025-06-01").us_export
    assert then is not None
    assert then.until is None
    assert "2026" not in then.reason.text


def test_a_letter_and_the_rule_know_the_same_of_cambodia(knowledge: Knowledge) -> None:
    for known_on, strict in (("2026-02-01", True), ("2026-02-03", False)):
        letter, _ = us(knowledge, "H20", "KH", "2026-02-05", known_on=known_on)
        rule, _ = us(knowledge, "H100", "KH", "2026-02-05", known_on=known_on)
        assert (letter == LETTER, rule == DENIAL) == (strict, strict)


def test_the_day_on_which_an_end_became_known_is_written_and_read(knowledge: Knowledge) -> None:
    ledger = load_ledger()
    letter = ledger.get("2025-04-15-h20-letter")
    assert letter is not None
    assert read_events(to_toml([letter])) == (letter,)
    in_cambodia = letter.effects[1]
    assert in_cambodia.ends_public_from == in_cambodia.ends
    endless = replace(letter, effects=(replace(in_cambodia, ends=None),))
    early = replace(letter, effects=(replace(in_cambodia, ends_public_from=letter.announced.replace(day=1)),))
    assert [problem.field for event in (letter, endless, early) for problem in check([event])] == [
        "ends_public_from",
        "ends_public_from",
    ]


@pytest.mark.parametrize(
    ("chip", "place", "day", "layer", "later"),
    [
        ("H200", "CN", "2026-01-28", "destination_side", "August"),
        ("RTX 5090D V2", "CN", "2026-05-15", "destination_side", "later"),
        ("RTX 4090", "SA", "2023-11-17", "us_export", "2024"),
        ("H100", "DE", "2022-10-21", "us_export", "2023"),
        ("HBM3E", "CN", "2023-01-01", "us_export", "2024"),
    ],
)
def test_a_reason_tells_nothing_that_came_later(
    knowledge: Knowledge, chip: str, place: str, day: str, layer: str, later: str
) -> None:
    found = getattr(knowledge.status(chip, place, day, known_on=day), layer)
    assert found is not None
    assert later not in found.reason.text


def said(knowledge: Knowledge, chip: str, place: str, day: str, known_on: str) -> set[str]:
    status = knowledge.status(chip, place, day, known_on=known_on)
    return {each.key for each in (*status.conditions, *status.notes)}


@pytest.mark.parametrize(
    ("key", "chip", "place", "day", "first"),
    [
        ("note.revenue_share", "H20", "CN", "2025-08-11", "2025-08-11"),
        ("note.tariff", "H200", "CN", "2026-01-20", "2026-01-14"),
        ("note.outcome_open", "H20", "US", "2026-08-01", "2026-01-14"),
        ("note.not_yet_sold", "RTX 5090D V2", "CN", "2025-02-01", "2025-08-01"),
        ("condition.open_letter_2022", "H200", "CN", "2022-08-30", "2022-08-31"),
        ("note.beyond_ledger", "H200", "CN", "2026-11-20", "2026-10-10"),
    ],
)
def test_a_note_is_told_from_the_day_on_which_it_could_be_known(
    knowledge: Knowledge, key: str, chip: str, place: str, day: str, first: str
) -> None:
    before = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
    assert key in said(knowledge, chip, place, day, first)
    assert key not in said(knowledge, chip, place, day, before)


def test_a_chip_to_come_has_no_date_before_its_release(knowledge: Knowledge) -> None:
    assert "note.not_on_sale" in said(knowledge, "H200", "CN", "2023-01-01", "2023-01-01")
    assert "note.not_on_sale" not in said(knowledge, "H200", "CN", "2026-01-01", "2026-01-01")


MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]
WRITTEN = re.compile(rf"(?:(\d{{1,2}}) )?\b({'|'.join(MONTHS)}) (\d{{4}})")
NAMED_AHEAD = {
    date(2024, 12, 31): date(2024, 12, 2),  # compliance with the rule on memory
    date(2025, 5, 15): date(2025, 1, 13),  # compliance with the diffusion rule
    date(2026, 11, 9): date(2025, 11, 10),  # the last day of the suspended affiliates rule
    date(2027, 4, 6): date(2026, 7, 10),  # the last day for G42 and Core42
}
"""Days that an act named before they came, with the day on which it was public."""

PLACES = ("CN", "MO", "KH", "SA", "AE", "MY", "DE", "RU", "VN", "SG")
FAR = date(2027, 1, 23)


def dates_in(status: Status) -> Iterator[tuple[date, str]]:
    """Every day that an answer names, with the words that name it; a month counts as its first day. Left out are the
    notes that say on purpose what became public later."""
    texts = [said.text for said in (*status.conditions, *status.notes) if said.key != "note.learnt_later"]
    texts += [branch.condition.text for branch in status.branches]
    for layer in (status.us_export, status.destination_side):
        if layer is not None:
            texts.append(layer.reason.text)
            texts += [condition.text for condition, _ in layer.outcomes]
            for cited in layer.citations:
                texts.append(cited.title)
                if day := cited.since or cited.date:
                    yield day, cited.title
            yield layer.since, "since"
            if layer.until:
                yield layer.until, "until"
    for text in texts:
        for day, month, year in WRITTEN.findall(text):
            yield date(int(year), MONTHS.index(month) + 1, int(day or 1)), text


def announced_by(knowledge: Knowledge) -> dict[date, date]:
    """The days on which law begins or ends, with the first day on which that could be known."""
    ahead = dict(NAMED_AHEAD)

    def add(day: date | None, public: date) -> None:
        if day:
            ahead[day] = min(public, ahead.get(day, public))

    for provision in PROVISIONS:
        add(provision.begins, provision.public_from)
    for event in knowledge.ledger.events:
        add(event.effective, event.public_from)
        add(event.until, event.public_from)
        for effect in event.effects:
            add(effect.begins, event.public_from)
            add(effect.ends, effect.ends_public_from or event.public_from)
    return ahead


def test_no_answer_names_a_day_that_nobody_could_know(knowledge: Knowledge) -> None:
    """Every chip to ten destinations, known on days before and on those on which something became public, asked for
    that day and for one long after it."""
    ahead = announced_by(knowledge)
    learnt = sorted({public for public in ahead.values() if public > LEDGER_BEGINS})
    days = [day - timedelta(days=before) for day in learnt for before in (1, 0)]
    leaks = []
    titles = {citation.title for provision in PROVISIONS for citation in provision.citations}
    titles |= {citation.title for event in knowledge.ledger.events for citation in event.citations}
    for number, (chip, place) in enumerate((chip, place) for chip in knowledge.chips for place in PLACES):
        for known_on in days[number % 17 :: 17]:
            for day in (known_on, FAR):
                for named, words in dates_in(knowledge.status(chip, place, day, known_on=known_on)):
                    if named > known_on and (words in titles or ahead.get(named, FAR) > known_on):
                        leaks.append((chip, place, day, known_on, named, words))
    assert not leaks, leaks[:10]


def cited(knowledge: Knowledge, chip: str, place: str, day: str, **asked: str) -> list[str]:
    layer = knowledge.status(chip, place, day, **asked).us_export
    assert layer is not None
    return [citation.title.partition(":")[0] for citation in layer.citations]


def test_what_was_printed_later_is_not_cited(knowledge: Knowledge) -> None:
    seat = {"known_on": "2025-05-01", "buyer_hq": "CN"}
    assert cited(knowledge, "MI308X", "SG", "2025-05-01", **seat) == ["techovedas"]
    assert cited(knowledge, "A100", "CN", "2022-08-25", known_on="2022-08-25") == [
        "15 CFR part 774, supplement no. 1",
    ]
    assert cited(knowledge, "H100", "CN", "2022-10-21", known_on="2022-10-12") == ["15 CFR part 774, supplement no. 1"]
    assert cited(knowledge, "H20", "CN", "2025-08-08", known_on="2025-08-08") == []
    assert cited(knowledge, "H20", "CN", "2025-08-08", known_on="2025-08-09") == ["United Daily News"]


def test_the_exceptions_are_cited_by_the_names_of_their_day(knowledge: Knowledge) -> None:
    def titles(day: str) -> str:
        layer = knowledge.status("RTX 4090", "SA", day).us_export
        assert layer is not None
        return " ".join(citation.title for citation in layer.citations)

    assert "exception NAC" in titles("2024-04-03")
    assert "ACA" not in titles("2024-04-03")
    assert "exception ACA" in titles("2024-04-04")


def test_what_has_no_date_stands_in_where_nothing_dated_does() -> None:
    dated = Citation("A filing", "https://www.sec.gov/a", date(2025, 4, 15))
    undated = Citation("A report", "https://example.com/a")
    code = Citation("15 CFR 742.6", "https://www.ecfr.gov/a", since=date(2025, 4, 10))
    as_of = date(2026, 10, 9)
    every = (undated, dated, code)
    assert readable_by(every, None, as_of) == every
    assert readable_by(every, as_of, as_of) == every
    assert readable_by(every, date(2025, 4, 15), as_of) == (dated, code)
    assert readable_by(every, date(2025, 4, 14), as_of) == (code,)
    assert readable_by(every, date(2025, 4, 9), as_of) == (undated,)
    assert readable_by((dated,), date(2025, 4, 14), as_of) == ()


def test_a_clock_cites_what_was_out_on_the_day(knowledge: Knowledge) -> None:
    for day in (date(2025, 10, 1), date(2025, 11, 8), date(2026, 3, 1)):
        clocks = promises(knowledge.ledger, day)
        assert len(clocks) >= 3
        for clock in clocks:
            assert clock.citations, clock.said.id
            assert all(citation.date is None or citation.date <= day for citation in clock.citations), clock.said.id
    kept = next(c for c in promises(knowledge.ledger, date(2025, 10, 1)) if c.said.id == "2025-07-14-h20-assurance")
    assert "Form 10-K" not in " ".join(citation.title for citation in kept.citations)
