"""Countries are known by their names in three languages, and not seen where the same letters mean something else."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from bot.knowledge.countries import HOME
from bot.knowledge.place_names import place_patterns
from bot.knowledge.vocabulary import vocabulary
from bot.pipeline.assess.evidence import read

COUNTRIES = tomllib.loads((files("bot.knowledge") / "data" / "countries.toml").read_text(encoding="utf-8"))


def places(text: str) -> set[str]:
    evidence = read(text, "", vocabulary())
    return {m.concept.partition(".")[2] for name in ("places", "doubted") for m in evidence.named(name)}


@pytest.mark.parametrize("code", sorted(COUNTRIES["names"].keys() - HOME))
def test_every_name_of_a_country_names_it_alone(code):
    for name in COUNTRIES["names"][code]:
        for text in (f"({name})", name) if name.isascii() else (name,):
            assert places(text) == {code}, text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Pakistani firms", {"PK"}),
        ("Malaysias Minister", {"MY"}),
        ("OMAN", {"OM"}),
        ("a woman in a romance", set()),  # Oman
        ("the Perugia meeting", set()),  # Peru
        ("turkey sandwiches", set()),
        ("Francesca said", set()),
        ("New Mexico", set()),
        ("New Jersey and New England", set()),
        ("阿曼达", set()),
        ("内蒙古", {"CN"}),
        ("对中东出口", set()),
        ("对中国出口", {"CN"}),
    ],
)
def test_a_name_inside_another_word_is_none(text, codes):
    assert places(text) == codes


def test_names_that_mean_something_else_stand_apart():
    evidence = read("Jim Jordan of Georgia and Chad spoke with Mali", "", vocabulary())
    assert evidence.named("places") == []
    assert evidence.subject is None
    assert {m.concept for m in evidence.named("doubted")} == {"doubted.JO", "doubted.GE", "doubted.TD", "doubted.ML"}


def test_the_signs_of_a_pattern_come_from_the_shape_of_a_name():
    table = {"names": {"OM": ["Oman", "Oman", "阿曼", "阿曼"], "PK": ["Pakistan"], "AG": ["Antigua & Barbuda"],
                       "JO": ["Jordan"], "US": ["United States"], "FR": ["France"]},
             "aliases": {"OM": ["OMN"], "PK": ["CAR"]}}  # fmt: skip
    care = {"as_written": ["France"], "left_out": ["CAR"]}
    assert list(place_patterns(table, {"JO": ["=Jordan"]}, care)) == [
        ("OM", "=Oman"), ("OM", "=OMAN"), ("OM", "阿曼"), ("OM", "=OMN"), ("PK", "Pakistan*"),
        ("AG", "Antigua & Barbuda"), ("AG", "Antigua and Barbuda"), ("FR", "=France"), ("FR", "=FRANCE"),
    ]  # fmt: skip
