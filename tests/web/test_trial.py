"""Trying it: typed commands as cards, and the bundled week played into a window, as the chosen order wants it."""

import asyncio
import json

import pytest

from bot.delivery.presets import PRESETS
from bot.store import watchlists
from bot.store.watchlists import Owner, OwnerKind
from bot.web import trial


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(trial, "PAUSE_S", 0.0)


async def week(board, **chosen: str) -> list[dict[str, str]]:
    """What a window is sent, until the end is announced."""
    async with board.browser.get(f"{board.address}/try/week", params=chosen) as answer:
        assert answer.content_type == "text/event-stream"
        lines = (await answer.text()).splitlines()
    assert lines[-3:-1] == ["event: end", "data: {}"]
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-3] if line.startswith("data: ")]


@pytest.mark.parametrize("said", ["H20 CN on 2025-05-20", "/chip H20 CN on 2025-05-20", "/chipwatch H20 CN 2025-05-20"])
async def test_a_typed_command_is_answered_as_in_chat(board, said):
    for look in ("discord", "slack"):
        async with board.browser.get(f"{board.address}/try", params={"say": said, "as": look}) as answer:
            page = await answer.text()
        assert f'class="chat as-{look}"' in page
        assert "review policy unpublished" in page


async def test_an_answer_is_there_for_machines_too(board):
    found = await board.json("/try.json?say=H20+CN+on+2025-05-20")
    assert found["said"] == "H20 CN on 2025-05-20"
    assert "review policy unpublished" in str(found["cards"][0]["title"])
    assert await board.json("/try.json") == {"said": "", "cards": []}
    async with board.browser.get(f"{board.address}/try", params={"say": "H20 CN"}) as answer:
        assert 'href="/try.json?say=H20+CN"' in await answer.text()


async def test_a_visitor_manages_nothing(board):
    async with board.browser.get(f"{board.address}/try", params={"say": "/chipwatch follow"}) as answer:
        page = await answer.text()
    assert answer.status == 200
    assert "for those who manage" in page or "managers" in page
    assert "Test post" not in page


@pytest.mark.parametrize("said", ["chipwatch watchlist add Example GmbH", "watchlist add Example GmbH"])
async def test_a_visitor_leaves_nothing_for_the_next_one(board, said):
    refused = await board.json(f"/try.json?say={said}&lang=en")
    assert "nothing is kept" in str(refused)
    assert "Example GmbH" not in str(await board.json("/try.json?say=chipwatch+watchlist"))
    visitor = Owner("console", OwnerKind.PERSON, "visitor")
    assert await board.services.store.read(lambda conn: watchlists.names_of(conn, visitor)) == []


async def test_what_is_typed_is_shown_as_text(board):
    async with board.browser.get(f"{board.address}/try", params={"say": "<script>alert(1)</script>"}) as answer:
        assert "<script>alert" not in await answer.text()


async def test_the_week_is_played_as_the_order_wants_it(board, hurried):
    everything = await week(board, preset="newsroom")
    law = await week(board, preset="law_only")
    weekly = await week(board, preset="weekly_brief")
    assert len(everything) > len(law) >= 1
    assert {each["op"] for each in everything} >= {"post", "edit"}
    assert [each["op"] for each in weekly] == ["post"] * len(weekly)
    posts = {each["message"] for each in everything if each["op"] == "post"}
    assert all(each["message"] in posts for each in everything), "an edit or a reply belongs to a post"


async def test_the_week_speaks_the_chosen_language(board, hurried):
    for language, word in (("en", "SAID, NOT LAW"), ("de", "GESAGT, NICHT GELTENDES RECHT"), ("zh", "并非法律")):
        told = await week(board, preset="newsroom", lang=language)
        assert any(f'lang="{language}"' in each["html"] for each in told)
        assert any(word in each["html"] for each in told), [each["html"][:200] for each in told]


async def test_an_unknown_preset_is_the_default_one(board, hurried):
    assert await week(board, preset="nonsense") == await week(board, preset=next(iter(PRESETS)))


async def test_no_more_weeks_at_once_than_can_be_borne(board, monkeypatch):
    monkeypatch.setattr(trial, "AT_ONCE", 0)
    async with board.browser.get(f"{board.address}/try/week") as answer:
        assert answer.status == 503


async def test_a_visitor_who_leaves_frees_his_place(board, monkeypatch):
    monkeypatch.setattr(trial, "AT_ONCE", 1)
    monkeypatch.setattr(trial, "PAUSE_S", 0.05)
    async with board.browser.get(f"{board.address}/try/week", params={"preset": "newsroom"}) as answer:
        await answer.content.readline()
        answer.close()
    async with asyncio.timeout(20):
        while True:
            async with board.browser.get(f"{board.address}/try/week", params={"preset": "law_only"}) as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)
