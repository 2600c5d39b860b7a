"""Titles of the ledger's events in the reader's language: shipped ones are translated, recorded ones stand as they are,
and titles of documents are quotations."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.cards.answer import Sentence
from bot.cards.card import Card, plain
from bot.cards.icalendar import calendar_feed
from bot.cards.quotation import quotation
from bot.cards.reminder import reminder_card
from bot.cards.status import sentence, status_card
from bot.cards.story_line import headline_now
from bot.cards.tables import CELL, promises_card, timeline_card, upcoming_card
from bot.knowledge.dated import calendar
from bot.knowledge.entry import event_json
from bot.knowledge.library import Knowledge
from bot.knowledge.promises import promises
from bot.locale.catalogue import catalogue
from bot.model import ARCHIVE
from bot.pipeline.ledger.archive import archived

TODAY = date(2026, 11, 24)
DESIGNER = "2026-12-31-designer-status"
LETTER = {
    "en": "Letter to Nvidia: the H20 needs a licence",
    "de": "Schreiben an Nvidia: Der H20 braucht eine Genehmigung",
    "zh": "致英伟达的信函：H20须许可证",
}
NARROWS = {
    "en": "The status of authorised designer narrows",
    "de": "Der Status als autorisierter Chipdesigner wird enger",
    "zh": "获授权设计企业的资格收窄",
}
ASSURED = {
    "de": "Nvidia beantragt wieder H20-Genehmigungen; Washington hat sie zugesichert",
    "zh": "英伟达再次申请H20许可证；华盛顿已保证将予发放",
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "de", "zh"])


def cells(card: Card) -> str:
    assert card.table is not None
    return "\n".join(cell for row in card.table.rows for cell in row)


def upcoming(knowledge: Knowledge) -> list[dict[str, Any]]:
    return calendar(knowledge.ledger, (), TODAY)


def designer(knowledge: Knowledge) -> dict[str, Any]:
    return next(row for row in upcoming(knowledge) if row["event"] == DESIGNER)


@LANGUAGES
def test_lists_tell_an_event_in_the_readers_language(knowledge: Knowledge, language: str) -> None:
    letter = event_json(next(event for event in knowledge.ledger.events if event.title == LETTER["en"]))
    assert LETTER[language] in plain(timeline_card([letter], language).lines[0])
    rows = [promise.json() for promise in promises(knowledge.ledger, TODAY)]
    assert NARROWS[language] in cells(promises_card(rows[-20:], language))
    assert NARROWS[language] in cells(upcoming_card(upcoming(knowledge), language))


@LANGUAGES
def test_reminders_and_calendars_tell_an_event_in_the_readers_language(knowledge: Knowledge, language: str) -> None:
    row = designer(knowledge)
    assert NARROWS[language] in plain(reminder_card(row, 7, language).title)
    feed = calendar_feed([row], datetime(2026, 11, 24, tzinfo=UTC), language).replace("\r\n ", "")
    assert NARROWS[language] in feed


@pytest.mark.parametrize("language", ["de", "zh"])
def test_no_table_cuts_a_translated_title(language: str) -> None:
    titles = {key: text for key, text in catalogue(language).texts.items() if key.startswith("event_title.")}
    assert len(titles) > 100
    assert not [text for text in titles.values() if len(text) > CELL]


@pytest.mark.parametrize("language", ["de", "zh"])
def test_a_status_names_what_was_learnt_later_and_what_is_open(knowledge: Knowledge, language: str) -> None:
    then = knowledge.status("H20", "CN", "2025-05-20", known_on="2025-05-20")
    shown = "\n".join(plain(line) for line in status_card(then, language, today=TODAY).lines)
    assert ASSURED[language] in shown
    now = knowledge.status("H200", "AE", "2027-05-01")
    (due,) = [note for note in now.notes if note.key == "note.outcome_open"]
    title = str(due.values["event"])
    said = sentence(catalogue(language), Sentence.of(due))
    assert title not in said
    assert catalogue(language).text(f"event_title.{title}") in said


@pytest.mark.parametrize("language", ["de", "zh"])
def test_what_an_operator_recorded_stands_as_he_wrote_it(knowledge: Knowledge, language: str) -> None:
    own = "BIS extends the suspension {once} more"
    letter = event_json(next(event for event in knowledge.ledger.events if event.title == LETTER["en"]))
    assert own in plain(timeline_card([{**letter, "title": own}], language).lines[0])
    assert own in cells(upcoming_card([{**designer(knowledge), "title": own}], language))
    said = sentence(catalogue(language), Sentence("", "condition.party_lists_extended", {"event": own}))
    assert own in said


@pytest.mark.parametrize("language", ["de", "zh"])
def test_the_title_of_a_document_is_never_translated(knowledge: Knowledge, language: str) -> None:
    document = {**designer(knowledge), "event": None, "document": "fr:2026-1", "title": NARROWS["en"]}
    assert NARROWS["en"] in cells(upcoming_card([document], language))
    letter = archived(next(event for event in knowledge.ledger.events if event.title == LETTER["en"]))
    say, member = catalogue(language), letter.head
    assert member.source == ARCHIVE
    assert LETTER[language] in plain(quotation(say, member, 160))
    outlet = replace(member, source="wire")
    assert LETTER["en"] in plain(quotation(say, outlet, 160))
    assert say.text("names.language.en") in plain(quotation(say, outlet, 160))


@pytest.mark.parametrize("language", ["de", "zh"])
def test_an_archived_story_of_few_facts_has_a_headline_in_the_readers_language(
    knowledge: Knowledge, language: str
) -> None:
    filing = next(event for event in knowledge.ledger.events if event.id == "2025-08-27-no-h20-sales")
    told = headline_now(catalogue(language), archived(filing))
    assert catalogue(language).text(f"event_title.{filing.title}") in told
    assert filing.title not in told
    assert say_english(language) not in told


def say_english(language: str) -> str:
    """How a quotation in English is marked."""
    say = catalogue(language)
    return say.text("alert.in_language", language=say.text("names.language.en"))
