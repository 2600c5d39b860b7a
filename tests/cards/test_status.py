"""The status card: the five words on the surface, both layers, the branches, and how old the ledger is."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest

from bot.cards.answer import answer_of
from bot.cards.card import Card, plain
from bot.cards.status import status_card
from bot.knowledge.library import Knowledge
from bot.knowledge.statuses import StatusName
from bot.locale.catalogue import LANGUAGES, catalogue

TODAY = date(2026, 11, 24)

MALAYSIA: dict[str, Any] = {
    "chip": "H200",
    "destination": "MY",
    "on": "2026-11-24",
    "layers": {
        "us_export": {
            "status": "no_licence_required",
            "since": "2023-11-17",
            "until": None,
            "reason": "H200 is 3A090.a.1, but Malaysia is in none of D:1, D:4, D:5.",
            "citations": [{"title": "88 FR 73458", "url": "https://www.federalregister.gov/d/1", "date": "2023-10-25"}],
            "confidence": "confirmed",
        },
        "destination_side": {
            "status": "onward_permit_required",
            "since": "2025-07-14",
            "until": None,
            "reason": "Leaving again needs notice.",
            "citations": [{"title": "Directive 1/2025", "url": "javascript:alert(1)", "date": None}],
            "confidence": "single_source",
        },
    },
    "classification": {"rule": "3A090 (2023)", "paragraph": "3A090.a.1", "tpp": 15832, "pd": 19.45},
    "conditions": ["One.", "Two.", "Three.", "Four."],
    "notes": ["A note."],
    "reported_since": [
        {"title": "Minister speaks", "url": "https://wire.example/1", "source": "Wire", "at": "2026-11-20T10:00"}
    ],
    "ledger_as_of": "2026-11-20",
    "branches": [{"if": "buyer headquartered in D:5 or Macau", "status": "licence_required_presumption_of_denial"}],
}


def card(language: str = "en", today: date = TODAY, **changes: Any) -> Card:
    return status_card({**deepcopy(MALAYSIA), **changes}, language, today=today)


def text(shown: Card) -> str:
    return "\n".join(plain(line) for line in (shown.marks, shown.title, *shown.lines, *shown.footer))


def test_the_answer_of_two_words() -> None:
    shown = card()
    assert plain(shown.title) == "H200 → Malaysia, today: no US licence for chip and country alone"
    assert plain(shown.marks) == "○ none for chip and country alone · confirmed"
    assert [plain(line) for line in shown.lines] == [
        "⚠ Depends: buyer headquartered in D:5 or Macau → US licence required, denial presumed",
        "Why: H200 is 3A090.a.1, but Malaysia is in none of D:1, D:4, D:5. Since 17 Nov 2023.",
        (
            "Malaysia's own measures: entry is free, shipping onward needs notice or a permit. "
            "Leaving again needs notice. Since 14 Jul 2025."
        ),
        "• One.",
        "• Two.",
        "• Three.",
        "A note.",
        "Since then reported, changing no status: “Minister speaks” (Wire), 2026-11-20",
        "Still to check: Entity List and owners · end use · red flags for diversion",
    ]
    assert [plain(line) for line in shown.footer] == [
        "TPP 15,832 · performance density 19.45 · 3A090.a.1",
        "Ledger to 20 Nov 2026",
        "Sources: 88 FR 73458 (25 Oct 2023) · Directive 1/2025",
    ]
    assert [button.label for button in shown.buttons] == ["Buyer is Chinese-owned", "Other date", "Sources 2"]
    assert ("buyer", "CN") in shown.buttons[0].values


def test_citations_are_links_and_only_to_web_pages() -> None:
    linked = [(span.text, span.url) for span in card().footer[-1] if span.url]
    assert linked == [("88 FR 73458", "https://www.federalregister.gov/d/1")]


@pytest.mark.parametrize(
    ("days", "place", "words"),
    [
        (0, "footer", "Ledger to 24 Nov 2026"),
        (14, "footer", "Ledger to 10 Nov 2026"),
        (15, "footer", "Ledger to 9 Nov 2026 (15 days old)"),
        (45, "footer", "Ledger to 10 Oct 2026 (45 days old)"),
        (46, "first line", "⚠ The ledger ends on 9 Oct 2026, 46 days ago."),
    ],
)
def test_the_ledgers_age_grows_louder(days: int, place: str, words: str) -> None:
    shown = card(ledger_as_of=(TODAY - timedelta(days=days)).isoformat())
    if place == "footer":
        assert words in [plain(line) for line in shown.footer]
    else:
        assert plain(shown.lines[0]).startswith(words)
        assert not [line for line in shown.footer if "Ledger" in plain(line)]


def test_the_question_is_said_back() -> None:
    assert "buyer owned from China, today" in plain(card(buyer_hq="CN").title)
    assert ", shipped from Malaysia, " in plain(status_card({**MALAYSIA, "from": "MY"}, today=TODAY).title)
    assert ", end user Core42, " in plain(card(end_user="Core42").title)
    assert "on 20 May 2025, as known that day" in plain(card(on="2025-05-20", known_on="2025-05-20").title)
    assert "on 20 May 2025, as known on 1 May 2025" in plain(card(on="2025-05-20", known_on="2025-05-01").title)


def test_no_export_question_has_no_reason() -> None:
    layers = {"us_export": None, "destination_side": None}
    shown = card(layers=layers, branches=[])
    assert plain(shown.title).endswith("no US export question")
    assert "Why:" not in text(shown)
    assert "Malaysia's own measures: none recorded." in text(shown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", list(StatusName))
def test_every_status_has_its_words_on_every_card(status: StatusName, language: str) -> None:
    say = catalogue(language)
    assert say.owns(f"status.says.{status}")
    assert say.owns(f"law.status.{status}")


def test_unconfirmed_is_always_said() -> None:
    for language, word in (("en", "unconfirmed"), ("de", "unbestätigt"), ("zh", "未经证实")):
        assert word in catalogue(language).text(f"status.says.{StatusName.HALT_UNCONFIRMED}")
        assert word in catalogue(language).texts[f"law.status.{StatusName.HALT_UNCONFIRMED}"]


QUESTIONS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("H200", "MY", "2026-09-01", {}),
    ("H200", "SG", "2026-09-01", {"buyer_hq": "CN"}),
    ("H200", "CN", "2026-09-01", {}),
    ("RTX 4090", "CN", "2025-01-01", {}),
    ("Ascend 910C", "MY", "2026-09-01", {}),
    ("H100", "RU", "2024-01-01", {}),
    ("H100", "IR", "2024-01-01", {}),
    ("B200", "AE", "2026-09-01", {}),
    ("RTX PRO 6000D", "CN", "2026-01-01", {}),
]


@pytest.mark.parametrize(("chip", "place", "day", "more"), QUESTIONS)
def test_the_knowledge_and_its_json_make_the_same_english_card(
    knowledge: Knowledge, chip: str, place: str, day: str, more: dict[str, Any]
) -> None:
    answer = knowledge.status(chip, place, day, **more)
    ours, theirs = status_card(answer, "en", today=TODAY), status_card(answer.json(), "en", today=TODAY)
    assert (ours.title, ours.marks, ours.buttons) == (theirs.title, theirs.marks, theirs.buttons)


@pytest.mark.parametrize("language", ["de", "zh"])
@pytest.mark.parametrize(("chip", "place", "day", "more"), QUESTIONS)
def test_the_knowledge_speaks_the_readers_language(
    knowledge: Knowledge, chip: str, place: str, day: str, more: dict[str, Any], language: str
) -> None:
    found = answer_of(knowledge.status(chip, place, day, **more))
    shown = text(status_card(knowledge.status(chip, place, day, **more), language, today=TODAY))
    for sentence in (*found.conditions, *(words for words, _ in found.branches)):
        assert sentence.text not in shown
        assert catalogue(language).owns(f"wording.{sentence.key}")


def test_what_was_learnt_later_is_one_line(knowledge: Knowledge) -> None:
    answer = knowledge.status("H20", "CN", "2025-05-20", known_on="2025-05-20")
    lines = [plain(line) for line in status_card(answer, "en", today=TODAY).lines]
    assert len([line for line in lines if line.startswith("Learnt later, not used above: ")]) == 1
