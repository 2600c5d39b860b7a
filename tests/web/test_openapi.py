"""The OpenAPI description against the board that serves: what fits it is answered as it says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bot.web.board import PAGES
from bot.web.openapi import description

EXAMPLES = 6
"""For each operation: the seed is fixed, so that a run is like the one before."""


NAMES = ["on", "day", "chip", "to", "q", "kind", "lang", "after"]


def operations() -> Iterator[Any]:
    schema: Any = schemathesis.openapi.from_dict(description(PAGES))
    for found in schema.get_all_operations():
        yield found.ok()


@pytest.mark.parametrize("operation", list(operations()), ids=lambda each: each.path)
async def test_every_operation_answers_as_it_is_described(board, operation):
    cases: list[Any] = []

    @seed(20261125)
    @settings(
        max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy())
    def collect(case: Any) -> None:
        cases.append(case)

    collect()
    assert cases
    for case in cases:
        # the call blocks, so it goes into a thread; a chip that there is not fits the description and is refused
        await asyncio.to_thread(
            case.call_and_validate, base_url=board.address, excluded_checks=[positive_data_acceptance]
        )


@pytest.mark.parametrize("path", ["/index.json", "/feed.xml", "/stories.json", "/record.json"])
async def test_any_query_at_all_gets_an_answer_and_no_mistake(board, path):
    queries: list[dict[str, str]] = []

    @seed(7)
    @settings(max_examples=12, database=None, deadline=None, phases=[Phase.generate])
    @given(st.dictionaries(st.sampled_from(NAMES), st.text(), min_size=1))
    def collect(query: dict[str, str]) -> None:
        queries.append({name: value.encode("utf-8", "replace").decode() for name, value in query.items()})

    collect()
    for query in queries:
        async with board.browser.get(board.address + path, params=query) as answer:
            assert answer.status in (200, 400), (query, await answer.text())


def test_the_description_has_every_page_and_feed():
    paths = description(PAGES)["paths"]
    assert {page.json_path for page in PAGES} < paths.keys()
    assert {"/feed.xml", "/feed.json", "/calendar.ics"} < paths.keys()
