"""Wrong input gets help in the reader's language, from the errors that the knowledge really raises."""

from collections.abc import Callable

import pytest

from bot.cards.card import plain
from bot.cards.problem import problem_card, problem_line
from bot.errors import UserError
from bot.knowledge.library import Knowledge
from bot.locale.catalogue import LANGUAGES


def error(ask: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as raised:
        ask()
    return raised.value


def test_water(knowledge: Knowledge) -> None:
    found = error(lambda: knowledge.status("H2O", "China", "2025-05-20"))
    assert plain(problem_line(found, "en")) == "H2O is water. Did you mean H20?"
    assert plain(problem_line(found, "de")) == "H2O ist Wasser. Meinten Sie H20?"
    card = problem_card(found, "en", {"chip": "H2O", "destination": "CN"})
    assert [button.label for button in card.buttons] == ["H20 → China"]
    assert card.buttons[0].values == (("chip", "H20"), ("destination", "CN"))


WRONG: list[Callable[[Knowledge], object]] = [
    lambda k: k.status("H201", "China", "2025-05-20"),
    lambda k: k.status("xyzzy-nothing", "China", "2025-05-20"),
    lambda k: k.status("Blackwell", "China", "2025-05-20"),
    lambda k: k.status("RTX 4090 Laptop", "China", "2025-05-20"),
    lambda k: k.status("H20", "Atlantis", "2025-05-20"),
    lambda k: k.status("H20", "Malaysa", "2025-05-20"),
    lambda k: k.status("H20", "EU", "2025-05-20"),
    lambda k: k.status("H20", "CN", "2031-02-30"),
    lambda k: k.status("H20", "CN", "1999-01-01"),
    lambda k: k.classify({}, None, on="2026-01-01"),
    lambda k: k.classify({"fp61": 1}, None, on="2026-01-01"),
    lambda k: k.classify({"fp16": -1}, 0, on="2026-01-01"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ask", WRONG)
def test_every_mistake_has_a_sentence_in_every_language(
    knowledge: Knowledge, ask: Callable[[Knowledge], object], language: str
) -> None:
    found = error(lambda: ask(knowledge))
    line = plain(problem_line(found, language))
    assert line
    assert "{" not in line
    assert line != plain(problem_line(UserError("errors.none_such"), language))


def test_suggested_places_have_their_names(knowledge: Knowledge) -> None:
    found = error(lambda: knowledge.status("H20", "Malaysa", "2025-05-20"))
    assert "Malaysia" in plain(problem_line(found, "en"))
    assert "马来西亚" in plain(problem_line(found, "zh"))


def test_the_day_the_ledger_begins_is_written_as_the_language_does(knowledge: Knowledge) -> None:
    found = error(lambda: knowledge.status("H20", "CN", "1999-01-01"))
    assert ". " in plain(problem_line(found, "de")).partition("beginnt am ")[2][:6]


def test_an_error_without_a_sentence_shows_no_internal_name() -> None:
    line = plain(problem_line(UserError("errors.none_such", chip="x"), "en"))
    assert line == "That could not be understood."


def test_what_was_typed_is_cleaned_and_cut() -> None:
    line = plain(problem_line(UserError("errors.unknown_chip", chip="\x1b[31m" + "x" * 500, suggestions=()), "en"))
    assert "\x1b" not in line
    assert len(line) < 160
