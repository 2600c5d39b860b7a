import tomllib
from pathlib import Path

import pytest

import bot.knowledge
from bot.knowledge.asides import asides
from bot.knowledge.wording import english

DATA = Path(bot.knowledge.__file__).parent / "data" / "asides.toml"


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("May I sell a used H100 to Vietnam?", ["aside.used"]),
        ("Darf ein gebrauchter H100 nach Vietnam?", ["aside.used"]),
        ("gebrauchte RTX 4090 im Koffer nach China", ["aside.used"]),
        ("Can a Chinese firm rent H200 in the cloud in Malaysia?", ["aside.remote_access"]),
        ("二手H100可以寄到越南吗", ["aside.used"]),
        ("租用马来西亚的H200服务器", ["aside.remote_access", "aside.servers"]),
        ("Does the 25 percent tariff allow H200 to China?", ["aside.cost"]),
        ("H20 to China", []),
        ("The cause is unused", []),
        ("", []),
    ],
)
def test_words_call_for_their_sentences(question: str, keys: list[str]) -> None:
    assert [said.key for said in asides(question)] == keys


def test_every_aside_has_its_sentence() -> None:
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["aside"]
    assert {row["key"] for row in rows} == {key for key in english() if key.startswith("aside.")}


def test_a_very_long_question_is_cut() -> None:
    assert asides("x" * 1_000_000 + " used") == ()
