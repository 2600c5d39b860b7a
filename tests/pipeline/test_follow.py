"""The second request: what a filing's own text adds is judged, told and kept, and is no amendment the next time."""

from __future__ import annotations

import json
from collections import Counter

from bot.clock import SetClock
from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.model import FOLLOWED
from bot.pipeline.editor import Editor
from bot.pipeline.intake import Intake
from bot.pipeline.poller import Poller
from bot.sources.base import source_from
from bot.sources.kinds.edgar import PACE_S
from bot.store import documents
from tests.pipeline.desk import START
from tests.sources.filings import FILING, filing, submissions

A, B = "0000000042-26-000001", "0000000042-26-000002"
TEXT = "https://www.sec.gov/Archives/edgar/data/42/000000004226000002/chip-20260415.htm"


class Sec:
    """EDGAR in memory: the list grows, the filing's text may be missing."""

    def __init__(self) -> None:
        self.rows = [filing(A, items="5.02", filingDate="2026-05-30")]
        self.texts: dict[str, bytes] = {}
        self.asked: Counter[str] = Counter()
        self.paces: set[float] = set()

    async def get(self, request):
        self.asked[request.url] += 1
        self.paces.add(request.pace)
        if request.url.startswith("https://data.sec.gov/"):
            body = json.dumps(submissions(*self.rows, asked=sum(self.asked.values()))).encode()
        elif request.url in self.texts:
            body = self.texts[request.url]
        else:
            raise SourceError("http_404", "not there")
        return Answer(request.url, 200, {}, body, START)

    async def close(self):
        """Nothing is open."""


async def sec(desk) -> tuple[Sec, Poller]:
    service = Sec()
    source = source_from({"id": "sec", "kind": "edgar", "cik": 42, "forms": ["8-K"], "name": "SEC: Chip Corp"})
    clock = SetClock(START)
    poller = Poller({"sec": source}, desk.store, service, clock, Intake(Editor()), "me", contact="a@b.example")
    await poller.register()
    await poller.ask(["sec"])
    return service, poller


async def test_a_filing_s_own_words_decide_and_are_quoted(desk):
    service, poller = await sec(desk)
    assert sum(service.asked.values()) == 1  # a baseline needs no second requests
    service.rows.insert(0, filing(B, items="8.01", filingDate="2026-06-01"))
    service.texts[TEXT] = FILING.encode()
    (outcome,) = await poller.ask(["sec"])
    (taken,) = outcome.changes
    assert taken.assessment.relevant
    assert "H20" in taken.assessment.chips
    assert "CN" in taken.assessment.destinations
    (revision,) = outcome.revisions
    title = revision.story.head.title
    assert title.startswith("CHIP CORP, 8-K: Other Events: On April 9, 2026, the U.S. government informed Chip Corp")
    kept = await desk.store.read(lambda conn: documents.one(conn, "sec", B))
    assert kept.details[FOLLOWED]["passages"]
    assert service.paces == {PACE_S}  # the limit of the service holds for both requests


async def test_the_next_poll_finds_no_amendment_and_asks_for_no_text_again(desk):
    service, poller = await sec(desk)
    service.rows.insert(0, filing(B, items="8.01", filingDate="2026-06-01"))
    service.texts[TEXT] = FILING.encode()
    await poller.ask(["sec"])
    for _ in range(3):
        (outcome,) = await poller.ask(["sec"])
        assert outcome.changes == ()
    assert service.asked[TEXT] == 1


async def test_a_text_that_is_not_there_loses_nothing(desk):
    service, poller = await sec(desk)
    service.rows.insert(0, filing(B, items="8.01", filingDate="2026-06-01"))
    (outcome,) = await poller.ask(["sec"])
    assert not outcome.failed
    assert [taken.change.document.key for taken in outcome.changes] == [B]
    assert service.asked[TEXT] == 1


async def test_the_press_release_that_a_filing_names_is_read_with_it(desk):
    service, poller = await sec(desk)
    service.rows.insert(0, filing(B, items="2.02,9.01", filingDate="2026-06-01"))
    folder = TEXT.rpartition("/")[0]
    service.texts[TEXT] = (
        b'<p>Item 9.01 Exhibits.</p><a href="chip-ex991.htm">Press Release</a>'
        b'<a href="https://elsewhere.example/ex991.htm">no</a><a href="../9/ex992.htm">no</a>'
        b'<a href="ex992.htm">gone</a><a href="chip-20260415.xsd">a schema</a>'
    )
    service.texts[f"{folder}/chip-ex991.htm"] = FILING.encode()
    (outcome,) = await poller.ask(["sec"])
    (taken,) = outcome.changes
    assert taken.assessment.relevant
    assert "H20" in outcome.revisions[0].story.head.title
    assert {url for url in service.asked if url.startswith("https://") and "ex99" in url} == {
        f"{folder}/chip-ex991.htm",
        f"{folder}/ex992.htm",
    }
    assert service.paces == {PACE_S}
