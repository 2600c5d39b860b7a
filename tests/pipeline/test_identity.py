"""The names of a document in public registers are its own everywhere; all others are its source's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.model import FOLLOWED
from bot.pipeline.identity import continues, identity
from tests.pipeline.desk import news

RULE = replace(
    news("a"), aliases=("link:wire.example/a", "fr:2026-19537", "accession:0000000042-26-000001", "bill:hr-1")
)
NAMES = ("fr:2026-19537", "accession:0000000042-26-000001", "bill:hr-1")


def test_names_of_registers_are_told_from_a_source_s_own():
    assert identity(RULE) == NAMES
    assert identity(news("a", aliases=("guid:fr:2026-1", "from:2026-1", "fr"))) == ("fr",)
    assert identity(news("a", aliases=("fr:2026-1:corrected",))) == ("fr:2026-1:corrected",)


@pytest.mark.parametrize(
    ("details", "names"),
    [
        ({}, ()),
        ({"continues": ["fr:2026-1"]}, ("fr:2026-1",)),
        ({"continues": ("fr:2026-1", "fr:2026-2")}, ("fr:2026-1", "fr:2026-2")),
        ({FOLLOWED: {"continues": ["bill:s-2"]}}, ("bill:s-2",)),
        ({"continues": ["fr:2026-1"], FOLLOWED: {"continues": ["bill:s-2"]}}, ("fr:2026-1", "bill:s-2")),
        ({"continues": ["fr:2026-1", "fr:2026-1", NAMES[0]]}, ("fr:2026-1",)),
        ({"continues": "fr:2026-1", FOLLOWED: "nothing"}, ()),
        ({"continues": [7, None, "fr:2026-1"]}, ("fr:2026-1",)),
        ({FOLLOWED: {}}, ()),
    ],
)
def test_a_story_goes_on_with_the_names_of_what_it_is_and_then_of_what_it_corrects(
    details: dict[str, Any], names: tuple[str, ...]
) -> None:
    assert continues(replace(RULE, details=details)) == (*NAMES, *names)
