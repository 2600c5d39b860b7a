"""Alerts: never more than the facts, never a promise in the words of law, the same in every language."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.cards.alert import alert_card, reply_card
from bot.cards.card import Card, Tone, plain
from bot.cards.law import LawLine
from bot.locale.catalogue import LANGUAGES, catalogue
from bot.model import Assessment, Direction, FactChange, Kind, Op, Revision, Severity, Stage, Trust
from tests.cards.stories import (
    BOTH_LAW,
    DAY_THREE,
    FIRST,
    FIRST_DAY,
    H20_LAW,
    THIRD,
    facts,
    member,
    revision,
    story,
    words,
)

Golden = Callable[[str, str], None]


def lines_of(card: Card) -> str:
    return "\n".join(plain(line) for line in card.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_alert(golden: Golden, language: str) -> None:
    golden(f"alert-1.{language}", words(alert_card(revision(FIRST), (H20_LAW,), language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_message_on_day_three_and_the_reply_under_it(golden: Golden, language: str) -> None:
    edit = alert_card(revision(THIRD, Op.EDIT), BOTH_LAW, language)
    reply = reply_card(revision(THIRD, Op.REPLY, ("fact",)), BOTH_LAW, language)
    golden(f"alert-2.{language}", f"{words(edit)}\n{words(reply)}")


def test_a_promise_is_never_worded_as_law() -> None:
    card = alert_card(revision(FIRST), (H20_LAW,), "en")
    assert card.tone is Tone.SAID
    assert "NOT LAW" in plain(card.marks)
    assert "would ease" in plain(card.marks)
    assert plain(card.title).endswith("licences promised, none issued")


def test_none_issued_is_said_only_where_the_ledger_says_so() -> None:
    for law in ((), (replace(H20_LAW, status="licence_required_by_letter_some_licences_issued"),)):
        assert "none issued" not in plain(alert_card(revision(FIRST), law, "en").title)


@pytest.mark.parametrize("stage", [Stage.PROPOSED, Stage.PROMISED, Stage.ANNOUNCED, None])
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("trust", list(Trust))
def test_nothing_but_an_act_in_being_from_its_author_is_law(kind: Kind, stage: Stage | None, trust: Trust) -> None:
    told = story(facts(kind, stage, trust=trust), member("Demo Wire", "A title", trust=trust))
    assert alert_card(revision(told), (), "en").tone is not Tone.LAW


@pytest.mark.parametrize("kind", [Kind.GUIDANCE, Kind.BILL, Kind.LICENCE_GRANTED, Kind.STATEMENT, Kind.ENFORCEMENT])
def test_an_official_page_about_no_act_is_no_law(kind: Kind) -> None:
    told = story(facts(kind, Stage.ISSUED, trust=Trust.OFFICIAL), member("BIS", "A title", trust=Trust.OFFICIAL))
    card = alert_card(revision(told), (), "en")
    assert card.tone is Tone.SAID
    assert "NOT LAW" in plain(card.marks)


def test_a_rule_by_its_author_is_law_and_a_report_of_it_is_not() -> None:
    text = member("Federal Register", "Revision of licence review", trust=Trust.OFFICIAL)
    rule = facts(Kind.RULE, Stage.IN_FORCE, trust=Trust.OFFICIAL)
    law = alert_card(revision(story(rule, text)), (), "en")
    assert law.tone is Tone.LAW
    assert plain(law.marks) == "● LAW · rule · in force, text of 15 Jul 2025 · ▽ eases"
    assert "“Revision of licence review”" in lines_of(law)
    report = alert_card(revision(story(replace(rule, trust=Trust.PRESS), FIRST_DAY[1])), (), "en")
    assert report.tone is Tone.SAID
    assert plain(report.marks).startswith("◐ REPORTED, LEGAL TEXT NOT SEEN")
    assert plain(report.title).endswith("press reports say")


def test_an_act_that_its_author_announces_is_neither_called_law_nor_said_to_be_none() -> None:
    text = member("Federal Register", "A rule", trust=Trust.OFFICIAL)
    told = story(facts(Kind.RULE, Stage.ANNOUNCED, trust=Trust.OFFICIAL), text)
    card = alert_card(revision(told), (), "en")
    assert card.tone is Tone.SAID
    assert plain(card.marks) == "◐ OFFICIAL WORD, NOT RECORDED AS LAW YET · official source · ▽ would ease"
    assert plain(card.lines[-1]) == "Open: The day from which it binds."


@pytest.mark.parametrize(("stage", "title"), [(Stage.PROPOSED, "planned"), (Stage.ANNOUNCED, "announced")])
def test_guidance_that_is_still_to_come_tightens_and_clarifies_nothing_yet(stage: Stage, title: str) -> None:
    for direction, does in ((Direction.RESTRICTS, " · ▲ would tighten"), (Direction.NONE, "")):
        told = facts(Kind.GUIDANCE, stage, trust=Trust.OFFICIAL, direction=direction)
        card = alert_card(revision(story(told, member("BIS", "Word", trust=Trust.OFFICIAL))), (), "en")
        assert plain(card.marks) == f"◐ OFFICIAL WORD, NOT LAW · official source{does}"
        assert plain(card.title).endswith(f"guidance {title}")


@pytest.mark.parametrize("origin", [("US",), ("TW",)])
def test_names_that_are_to_come_off_a_list_are_not_off_it(origin: tuple[str, ...]) -> None:
    told = facts(Kind.ENTITY_LIST, Stage.ANNOUNCED, direction=Direction.RELAXES, origin=origin, chips=())
    card = alert_card(revision(story(told, member("Wire", "Word", trust=Trust.PRESS))), (), "en")
    assert "changes announced" in plain(card.title)


def test_a_rumour_is_unconfirmed_in_its_marks_and_its_headline() -> None:
    told = story(facts(Kind.RUMOUR, Stage.PROPOSED, trust=Trust.RUMOUR), member("Leak", "x", trust=Trust.RUMOUR))
    for language, word in (("en", "unconfirmed"), ("de", "unbestätigt"), ("zh", "未经证实")):
        card = alert_card(revision(told), (), language)
        assert card.tone is Tone.RUMOUR
        assert word in plain(card.marks).lower()
        assert word in plain(card.title)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("op", [Op.POST, Op.EDIT])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_alert_has_a_law_line_and_a_words_line(kind: Kind, op: Op, language: str) -> None:
    labels = {"en": ("Law:", "Words:"), "de": ("Rechtslage:", "Aussage:"), "zh": ("法律现状：", "说法：")}[language]
    for stage in (None, *Stage):
        for trust in Trust:
            told = story(facts(kind, stage, trust=trust), member("Wire", "A title", trust=trust))
            found = [plain(line) for line in alert_card(revision(told, op), (H20_LAW,), language).lines]
            assert found[0].startswith(labels[0])
            assert found[1].startswith(labels[1])


def test_thin_facts_let_the_source_speak_in_its_own_language_marked_so() -> None:
    told = story(facts(Kind.REPORT, None), member("Demo-Nachrichten", "Ein Bericht", language="de"))
    assert plain(alert_card(revision(told), (), "de").title) == "„Ein Bericht“"
    assert plain(alert_card(revision(told), (), "en").title) == "H20 → China · report: “Ein Bericht” (in German)"


def test_a_reader_gets_the_title_that_he_can_read() -> None:
    told = story(facts(Kind.REPORT, None), *FIRST_DAY)
    assert plain(alert_card(revision(told), (), "de").title) == "„Nvidia rechnet mit Genehmigungen für den H20“"


def test_a_measure_of_another_country_names_it_once() -> None:
    about = facts(Kind.FOREIGN_MEASURE, Stage.ISSUED, trust=Trust.PRESS)
    told = story(about, member("Demo Wire", "x"))
    assert plain(alert_card(revision(told), (), "en").title) == "H20: China gives permission, press reports say"
    dutch = replace(about, chips=(), origin=("NL",), direction=Direction.RESTRICTS, stage=Stage.PROPOSED)
    title = plain(alert_card(revision(story(dutch, member("Demo Wire", "x"))), (), "en").title)
    assert title == "Chip technology → China: the Netherlands considers limits"


def test_what_came_into_being_days_ago_is_not_called_unchanged() -> None:
    began = FIRST.began_at.date()
    for days, word in ((0, False), (7, False), (8, True)):
        law = LawLine(
            "H20", "CN", "licence_required_case_by_case", basis="91 FR 1", basis_date=began - timedelta(days=days)
        )
        assert ("unchanged" in lines_of(alert_card(revision(FIRST), (law,), "en"))) is word


def test_a_change_of_law_stands_first_and_says_so() -> None:
    changed = LawLine("H200", "CN", "licence_required_case_by_case", date(2026, 1, 15), "91 FR 1684", changed=True)
    line = plain(alert_card(revision(FIRST), (H20_LAW, changed), "en").lines[0])
    assert line == (
        "Law: changed. H200 exports to China need a US licence, reviewed case by case (91 FR 1684, 15 Jan 2026). "
        "H20 exports to China still need a US licence (BIS letter to Nvidia, 9 Apr 2025)."
    )


def test_chips_and_places_of_one_status_are_said_together() -> None:
    free = LawLine("H20", "CN", "no_licence_required", date(2023, 11, 17), "88 FR 73458")
    lines = [replace(free, chip=chip, destination=place) for chip in ("H20", "L20") for place in ("CN", "NL")]
    assert plain(alert_card(revision(FIRST), lines, "en").lines[0]) == (
        "Law: unchanged. H20 and L20 to China and to the Netherlands: still no US licence needed for chip and country "
        "alone (88 FR 73458, 17 Nov 2023)."
    )
    assert "nach China und in die Niederlande" in plain(alert_card(revision(FIRST), lines, "de").lines[0])
    assert len(plain(alert_card(revision(FIRST), lines[:3], "en").lines[0]).split(" (88 FR")) == 3


def test_a_plan_on_record_is_no_rumour() -> None:
    told = story(facts(Kind.RUMOUR, Stage.PROPOSED, trust=Trust.PRESS), member("Wire", "x"))
    assert plain(alert_card(revision(told), (), "en").title) == "H20 → China: easing suggested, no act seen"


def test_without_the_ledger_the_law_line_claims_nothing() -> None:
    line = plain(alert_card(revision(FIRST), (), "en").lines[0])
    assert line == "Law: no act recorded with this story; the status answers stay as they are."


def test_outlets_are_counted_from_six_on_and_listed_up_to_six() -> None:
    card = alert_card(revision(THIRD, Op.EDIT), BOTH_LAW, "en")
    assert "company, 11 outlets, 3 languages" in plain(card.marks)
    footer = plain(card.footer[0])
    assert footer.count(" · ") == 6
    assert footer.endswith("+5")


def test_the_moment_of_the_first_sight_is_given_for_the_readers_own_clock() -> None:
    card = alert_card(revision(FIRST), (), "en")
    assert [span.moment for span in card.footer[0] if span.moment] == [FIRST.began_at]


def test_the_buttons_ask_for_what_the_card_is_about() -> None:
    card = alert_card(revision(THIRD), BOTH_LAW, "en")
    assert [(button.action, button.label) for button in card.buttons] == [
        ("status", "Status H20"),
        ("status", "Status MI308"),
        ("sources", "Sources 11"),
        ("menu", "⋯"),
    ]
    assert card.buttons[0].values == (("chip", "H20"), ("destination", "CN"))
    assert card.buttons[-1].menu


@pytest.mark.parametrize(
    ("rise", "about", "news"),
    [
        ("trust", facts(trust=Trust.OFFICIAL), "an official source"),
        ("stage", facts(stage=Stage.ISSUED), "licences issued"),
        ("stage", facts(Kind.REPORT, Stage.PROPOSED), "a plan"),
        ("stage", facts(Kind.REPORT, None), "more sources"),
        ("severity", facts(severity=Severity.CRITICAL), "now rated critical"),
        ("direction", facts(direction=Direction.RESTRICTS), "the direction has turned, it now tightens"),
        ("fact", facts(chips=("H20", "MI308")), "now about H20 and MI308 → China"),
        ("fact", facts(chips=(), destinations=("CN", "MO")), "now about China and Macau"),
        ("withdrawn", facts(), "a publisher has withdrawn its document"),
    ],
)
def test_a_reply_says_what_rose(rise: str, about: Assessment, news: str) -> None:
    told = replace(FIRST, facts=about)
    card = reply_card(revision(told, Op.REPLY, (rise,)), (H20_LAW,), "en")
    assert plain(card.title) == f"New in this story: {news}."
    assert plain(card.lines[-1]).startswith("Law:")


def test_a_withdrawn_document_is_marked_on_the_head() -> None:
    card = alert_card(revision(FIRST, Op.EDIT, ("withdrawn",)), (), "en")
    assert plain(card.marks).endswith("a publisher has withdrawn a document")


def test_what_grew_names_companies_and_counts_the_press() -> None:
    card = alert_card(revision(THIRD, Op.EDIT), BOTH_LAW, "en")
    assert "15 Jul first post (Nvidia) · 15 Jul AMD, +3 outlets · 16 Jul +6 outlets" in lines_of(card)
    assert len(DAY_THREE) == 11


def test_no_card_of_one_language_borrows_words_of_another() -> None:
    for language in ("de", "zh"):
        say = catalogue(language)
        for key in ("names.actor.NL", "names.to.NL"):
            assert not say.owns(key) or say.text(key) != catalogue("en").text(key)
    about = facts(Kind.FOREIGN_MEASURE, Stage.PROPOSED, origin=("NL",), direction=Direction.RESTRICTS)
    title = plain(alert_card(revision(story(about, member("Wire", "x"))), (), "de").title)
    assert "Niederlande" in title
    assert "the" not in title.split()


@pytest.mark.parametrize(
    ("language", "change", "news"),
    [
        ("en", FactChange("chips", (), ("MI308",)), "New in this story: AMD's MI308 too."),
        ("de", FactChange("chips", (), ("MI308",)), "Neu in dieser Meldung: auch AMDs MI308."),
        ("zh", FactChange("chips", (), ("MI308",)), "本消息新增：另涉及AMD的MI308。"),
        ("en", FactChange("amounts", ("15%",), ("25%",)), "New in this story: amount 15% → 25%."),
        ("de", FactChange("amounts", ("115000 chips",), ("25000 chips",)),
         "Neu in dieser Meldung: Umfang 115.000 Chips → 25.000 Chips."),
        ("en", FactChange("effective", ("2026-01-15",), ("2026-02-15",)),
         "New in this story: effective date 15 Jan 2026 → 15 Feb 2026."),
        ("en", FactChange("conditions", ("tariff",), ("case_by_case",)),
         "New in this story: condition a tariff → case-by-case review."),
        ("en", FactChange("thresholds", ("tpp 4800",), ("tpp 21000",)),
         "New in this story: threshold TPP 4800 → TPP 21000."),
        ("en", FactChange("destinations", (), ("MY",)), "New in this story: Malaysia too."),
    ],
)  # fmt: skip
def test_a_reply_says_what_changed_from_what_to_what(language: str, change: FactChange, news: str) -> None:
    told = Revision(THIRD, 3, Op.REPLY, THIRD.grew_at, ("fact",), (change,))
    assert plain(reply_card(told, (H20_LAW,), language).title) == news
