"""Every sentence that the code says exists, every one that exists is said, and its placeholders are filled."""

import re
from datetime import date
from pathlib import Path
from string import Formatter

import bot.knowledge
from bot.knowledge.library import Knowledge
from bot.knowledge.wording import english, say, written

SOURCE = Path(bot.knowledge.__file__).parent
KEY = re.compile(r'"((?:reason|outcome|branch|condition|note|classify)\.[a-z0-9_]+)(\{suffix\})?"')


def said_in_code() -> set[str]:
    found: set[str] = set()
    for file in SOURCE.glob("*.py"):
        for key, suffix in KEY.findall(file.read_text(encoding="utf-8")):
            found |= {key, f"{key}_ahead"} if suffix else {key}
    return found


def test_the_sentences_and_the_code_know_each_other() -> None:
    assert said_in_code() == {key for key in english() if not key.startswith("aside.")}


def test_no_sentence_gives_advice() -> None:
    forbidden = re.compile(r"\b(you|your|compliant|legal advice)\b", re.IGNORECASE)
    for key, text in english().items():
        assert not forbidden.search(text), key
        assert text.endswith((".", "}")) or key.startswith(("outcome.", "branch.")), key
        assert "—" not in text, key


def test_placeholders_are_known() -> None:
    names = {name for text in english().values() for _, name, _, _ in Formatter().parse(text) if name}
    assert names <= {
        *(
            "chip",
            "place",
            "paragraph",
            "tpp",
            "pd",
            "link",
            "text",
            "end_user",
            "begins",
            "public",
            "event",
            "as_of",
            "day",
        ),
        *("released", "known_on", "precision", "value", "dense", "field", "unit", "distance", "die", "bandwidth"),
    }


def test_values_are_written_as_prose(law: Knowledge) -> None:
    assert written(15832) == "15,832"
    assert written(5284.8) == "5,284.8"
    assert written(2.909) == "2.91"
    assert written(date(2025, 4, 9)) == "9 April 2025"
    assert written(law.countries["MY"]) == "Malaysia"
    said = say("condition.not_yet_public", begins=date(2025, 4, 9), public=date(2025, 4, 15))
    assert said.text == "In force since 9 April 2025, not public until 15 April 2025."
    assert said.values["begins"] == date(2025, 4, 9)
