"""The public pages: what they say, in which language, and the same as JSON."""

import re
from dataclasses import replace

import pytest

from bot.locale.catalogue import catalogue
from bot.pipeline.ledger.archive import keep_archive
from bot.store import evidence
from bot.web.board import PAGES
from tests.web.conftest import NOW

FILLED = {
    "chip": "H20",
    "place": "CN",
    "event": "2025-04-09-bis-letter-h20",
    "story": "s-none",
    "change": "999",
    "number": "1",
}
ANSWER = {"chip": "H20", "destination": "CN", "on": "2025-05-20"}


def address_of(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: FILLED[found[1]], path)


async def test_every_page_answers_in_every_language_and_as_json(board):
    await board.services.store.write(lambda conn: evidence.log_answer(conn, NOW, ANSWER, {"layers": {}}))
    event = board.services.knowledge.ledger.events[0].id
    for page in PAGES:
        path = address_of(page.path).replace(FILLED["event"], event)
        missing = "{story}" in page.path or "{change}" in page.path
        for language in ("en", "de", "zh"):
            status, text = await board.get(f"{path}?lang={language}")
            assert status == (404 if missing else 200), path
            assert f'<html lang="{language}">' in text
            assert (catalogue(language).text("board.about.not_read") in text) == (not catalogue(language).native_read)
            assert "board." not in re.sub(r"board\.(css|js)", "", text), f"{path}: a key instead of a text"
        status, text = await board.get("/index.json" if path == "/" else f"{path}.json")
        assert status == (404 if missing else 200), path


async def test_the_matrix_of_a_day_is_what_the_knowledge_says(board):
    found = await board.json("/index.json?on=2025-05-20")
    h20 = next(row for row in found["rows"] if row["chip"] == "H20")
    assert h20["status"]["CN"] == "licence_required_by_letter_policy_unpublished"
    assert h20["status"]["MY"] == "no_licence_required"


async def test_the_order_of_the_matrix_never_follows_what_is_permitted(board):
    rows = [
        [(row["chip"], list(row["status"])) for row in (await board.json(f"/index.json?on={day}"))["rows"]]
        for day in ("2022-09-01", "2024-01-01", "2026-11-25")
    ]
    assert rows[0] == rows[1] == rows[2]


@pytest.mark.parametrize(
    ("path", "machine", "english", "german"),
    [
        ("/upcoming", "/upcoming.json", "The status of authorised designer narrows",
            "Der Status als autorisierter Chipdesigner wird enger"),
        ("/promises", "/promises.json", "The status of authorised designer narrows",
            "Der Status als autorisierter Chipdesigner wird enger"),
        ("/ledger", "/ledger.json", "First H20 licences issued", "Erste H20-Genehmigungen erteilt"),
        ("/chips/H20", "/chips/H20.json", "First H20 licences issued", "Erste H20-Genehmigungen erteilt"),
        ("/ledger/2025-08-08-h20-licences", "/ledger/2025-08-08-h20-licences.json", "First H20 licences issued",
            "Erste H20-Genehmigungen erteilt"),
        ("/ledger/2025-07-14-h20-assurance", "/ledger/2025-07-14-h20-assurance.json",
            "First H20 licences issued", "Erste H20-Genehmigungen erteilt"),
    ],
)  # fmt: skip
async def test_pages_tell_events_in_the_readers_language_and_json_in_english(board, path, machine, english, german):
    _, page = await board.get(f"{path}?lang=de")
    assert german in page
    assert english not in page
    assert english in (await board.get(f"{path}?lang=en"))[1]
    _, told = await board.get(f"{machine}?lang=de")
    assert english in told
    assert german not in told


async def test_a_page_marks_what_was_recorded_here_as_english(board):
    librarian = board.services.librarian
    event = next(event for event in librarian.knowledge.ledger.events if event.id == "2025-08-08-h20-licences")
    own = replace(event, title="Licences, <in our words>")
    librarian.knowledge = librarian.knowledge.with_ledger(librarian.knowledge.ledger.with_events([own]))
    _, page = await board.get("/ledger/2025-08-08-h20-licences?lang=de")
    assert '<h1><span lang="en">Licences, &lt;in our words&gt;</span></h1>' in page
    assert "<title>Licences, &lt;in our words&gt; · Chipwatch</title>" in page
    assert "<h1>Licences, &lt;in our words&gt;</h1>" in (await board.get("/ledger/2025-08-08-h20-licences?lang=en"))[1]


async def test_the_archive_of_the_ledger_is_told_in_the_readers_language(board):
    ledger = board.services.knowledge.ledger
    await board.services.store.write(lambda conn: keep_archive(conn, ledger, NOW))
    found = await board.json("/stories.json?q=sales")
    story = next(row["id"] for row in found["stories"] if "Nvidia reports no H20 sales to China" in row["headline"])
    _, page = await board.get(f"/stories/{story}?lang=de")
    assert "Nvidia meldet keine H20-Verkäufe nach China" in page
    assert "Nvidia reports no H20 sales to China" not in page
    assert "Nvidia reports no H20 sales to China" in (await board.get(f"/stories/{story}.json?lang=de"))[1]
    _, feed = await board.get("/feed.xml?lang=de&q=sales")
    assert "Nvidia reports no H20 sales to China" not in feed
    assert "Nvidia meldet keine H20-Verkäufe nach China" in feed


async def test_a_field_of_the_matrix_leads_to_the_status_with_its_citation(board):
    _, page = await board.get("/?on=2025-05-20")
    assert '<a class="cell word-licence_open" href="/status/H20/CN?on=2025-05-20"' in page
    _, answer = await board.get("/status/H20/CN?on=2025-05-20")
    assert "8-K" in answer
    assert "https://www.sec.gov/" in answer


async def test_what_was_known_on_a_day_can_be_asked(board):
    told = await board.json("/status/H20/CN.json?on=2025-04-10&known_on=2025-04-10")
    assert told["layers"]["us_export"]["status"] == "no_licence_required"
    told = await board.json("/status/H20/CN.json?on=2025-04-10")
    assert told["layers"]["us_export"]["status"] == "licence_required_by_letter_policy_unpublished"


async def test_the_language_of_the_browser_is_taken_and_a_chosen_one_is_kept(board):
    _, page = await board.get("/about", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert '<html lang="zh">' in page
    await board.get("/about?lang=de")
    _, page = await board.get("/about", headers={"Accept-Language": "zh-CN"})
    assert '<html lang="de">' in page


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/status/H2O/CN", 400, "water"),
        ("/status/H20/Atlantis", 400, "Atlantis"),
        ("/?on=2026-02-30", 400, "2026-02-30"),
        ("/chips/%00", 400, "no chip"),
        ("/nothing-here", 404, "no such page"),
        ("/ledger/nothing-here", 404, "no such page"),
    ],
)
async def test_what_cannot_be_answered_says_so(board, path, status, word):
    got, page = await board.get(path)
    assert got == status
    assert word in page
    got, text = await board.get(path.replace("?", ".json?") if "?" in path and path[1] != "?" else path,
                                headers={"Accept": "application/json"})  # fmt: skip
    assert got == status
    assert '"message"' in text


async def test_pages_are_light(board):
    """Under 300 KB for the first page with its style and script; the drawing library comes only with a chart."""
    _, page = await board.get("/")
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    sizes = [len((await board.get(path))[1]) for path in set(loaded)]
    assert not [path for path in loaded if "charts.js" in path]
    assert len(page) + sum(sizes) < 300_000


async def test_nothing_is_loaded_from_elsewhere(board):
    for path in ("/", "/chips/H20", "/stories", "/about"):
        _, page = await board.get(path)
        for address in re.findall(r'(?:src|action|data-library)="([^"]+)"', page):
            assert address.startswith("/"), address


def test_each_field_of_the_matrix_says_what_the_answer_says_on_each_day(knowledge):
    from datetime import date, timedelta

    from bot.commands.pictures.figures import shown
    from bot.web.board.matrix import cell_of

    turns = {
        day
        for chip in ("H20", "H200", "A800", "RTX 4090")
        for lane in knowledge.lanes(chip, "CN").values()
        for status in lane
        for day in (status.since, status.since - timedelta(days=1))
        if day >= knowledge.ledger.begins
    }
    for day in (*turns, date(2026, 11, 25), knowledge.ledger.begins):
        for name in shown("matrix", "chips"):
            for place in shown("matrix", "destinations"):
                layer = knowledge.status(name, place, day).us_export
                expected = str(layer.name) if layer else None
                assert cell_of(knowledge, knowledge.chips[name], place, day)[0] == expected, (name, place, day)


async def test_the_page_of_an_event_tells_its_reasons_in_the_readers_language(board):
    _, german = await board.get("/ledger/2025-04-15-h20-letter?lang=de")
    assert "verlangt von Nvidia eine Genehmigung" in german
    _, english = await board.get("/ledger/2025-04-15-h20-letter?lang=en")
    assert "asks Nvidia for a licence" in english
