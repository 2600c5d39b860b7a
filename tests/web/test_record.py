"""What this installation said on a day, the rules that decide, and the redlines, as pages and as JSON."""

import dataclasses
from datetime import timedelta

import pytest

from bot.commands.ask import Ask, Person, Where
from bot.commands.desk import Desk
from bot.knowledge.criteria import PD_A, TPP_A, TPP_WINDOW
from bot.model import Assessment, Direction, Kind, Member, Op, Revision, Stage, Story, Trust
from bot.store import evidence, redlines
from tests.web.conftest import NOW


async def ask(board, line: str, at=NOW) -> None:
    board.services.clock.set(at)
    where = Where("discord", "w", "c")
    await Desk().typed(Ask(Person("p-1"), where, "en", board.services), line)
    await board.services.settled()


@pytest.fixture
async def spoken(board):
    """A board whose installation has answered: twice the day before, once today."""
    await ask(board, "H20 China on 2025-05-20", NOW)
    await ask(board, "H200 Singapore end-user:Somebody", NOW)
    await ask(board, "H100 Malaysia", NOW + timedelta(days=1))
    return board


async def test_a_day_has_what_was_said_on_it_in_a_chain(spoken):
    found = await spoken.json("/record.json?day=2026-11-25")
    assert [row["subject"] for row in found["rows"]] == ["H20>CN", "H200>SG"]
    assert found["rows"][1]["previous"] == found["rows"][0]["hash"]
    row = found["rows"][0]
    body = evidence.canonical(row["record"])
    assert evidence.hash_of(1, row["at"], row["kind"], row["subject"], body, row["previous"]) == row["hash"]
    _, page = await spoken.get("/record?day=2026-11-25")
    assert "licence, outcome open" in page
    assert row["hash"] in page
    assert "/record?day=2026-11-26" in page


async def test_neither_who_asked_nor_whom_they_asked_about_is_shown(spoken):
    _, page = await spoken.get("/record?day=2026-11-25")
    digest = (await spoken.services.store.read(lambda conn: list(evidence.rows(conn))))[1].record
    secret = digest.split('"end_user":"')[1].split('"')[0]
    others = [(await spoken.get(path))[1] for path in ("/record.json?day=2026-11-25", "/record/2", "/record/2.json")]
    for text in (page, *others):
        assert secret not in text
        assert "p-1" not in text
        assert "Somebody" not in text


async def test_each_row_has_a_page_with_all_of_it(spoken):
    assert 'href="/record/1"' in (await spoken.get("/record?day=2026-11-25"))[1]
    first, row = (await spoken.json("/record.json?day=2026-11-25"))["rows"][0], await spoken.json("/record/1.json")
    assert row == first
    _, page = await spoken.get("/record/1")
    for text in (
        row["hash"],
        row["previous"],
        "H20 → China",
        "licence, outcome open",
        "&#34;destination&#34;: &#34;CN&#34;",
    ):
        assert text in page
    for missing in ("/record/99", "/record/x", "/record/0.5", "/record/" + "9" * 40):
        assert (await spoken.get(missing))[0] == 404


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("", ["H100>MY"]),
        ("day=2026-11-25&chip=H20", ["H20>CN"]),
        ("day=2026-11-25&chip=H200&to=Singapore", ["H200>SG"]),
        ("day=2026-11-25&chip=H20&to=SG", []),
        ("day=2026-11-25&after=1", ["H200>SG"]),
        ("day=2026-11-24", []),
        ("day=2026-11-25&story=s-1", []),
    ],
)
async def test_the_record_is_filtered(spoken, query, subjects):
    assert [row["subject"] for row in (await spoken.json(f"/record.json?{query}"))["rows"]] == subjects


async def test_a_visitor_who_tries_commands_writes_nothing_into_the_record(board):
    await board.get("/try?say=H20+CN")
    await board.services.settled()
    assert await board.services.store.read(evidence.length) == 0


async def test_a_long_day_has_further_pages(board, monkeypatch):
    from bot.web.board import record

    monkeypatch.setattr(record, "SHOWN", 2)
    for line in ("H20 CN", "H100 CN", "A100 CN"):
        await ask(board, line)
    first = await board.json("/record.json")
    assert ([row["number"] for row in first["rows"]], first["next"]) == ([1, 2], 2)
    rest = await board.json("/record.json?after=2")
    assert ([row["number"] for row in rest["rows"]], rest["next"]) == ([3], None)
    _, page = await board.get("/record")
    assert 'href="?after=2"' in page


async def test_the_rules_of_a_day_are_those_that_decide(board):
    rows = {row["paragraph"]: row for row in (await board.json("/rules.json"))["paragraphs"]}
    assert rows["3A090.a.1"]["limits"] == [{"measure": "tpp", "limit": TPP_A, "at_least": True}]
    assert {"measure": "pd", "limit": PD_A, "at_least": True} in rows["3A090.a.2"]["limits"]
    assert {"measure": "tpp", "limit": TPP_WINDOW, "at_least": False} in rows["742.6(b)(10)(iii)"]["limits"]
    assert "H100" in rows["3A090.a.1"]["chips"]
    assert "H20" not in [chip for row in rows.values() for chip in row["chips"]]
    assert all(row["citations"] for row in rows.values())
    old = await board.json("/rules.json?on=2023-01-01")
    assert [row["paragraph"] for row in old["paragraphs"]] == ["3A090 (2022)"]
    assert (await board.json("/rules.json?on=2022-09-01"))["paragraphs"] == []


REDLINE = {
    "section": "742.6",
    "compared": True,
    "added": 1,
    "removed": 0,
    "changed": 1,
    "moved": 0,
    "left_out": 3,
    "hunks": [
        {
            "kind": "changed",
            "where": "(b)(10)",
            "old": "denial",
            "new": "case by case",
            "words": [["=", "a presumption of "], ["-", "denial"], ["+", "<b>approval</b>"]],
        },
        {"kind": "added", "where": "(c)", "old": "", "new": "A new paragraph.", "words": []},
    ],
}


async def test_a_stored_redline_is_a_page(board, monkeypatch):
    row = redlines.Amended(7, "ecfr", NOW, "s-1", "15 CFR 742.6", "https://www.ecfr.gov/x", REDLINE)
    monkeypatch.setattr(redlines, "newest", lambda conn: [row])
    monkeypatch.setattr(redlines, "one", lambda conn, change: row if change == 7 else None)
    _, listed = await board.get("/redlines")
    assert 'href="/redlines/7"' in listed
    _, page = await board.get("/redlines/7")
    assert "<del>denial</del><ins>&lt;b&gt;approval&lt;/b&gt;</ins>" in page
    assert "<ins>A new paragraph.</ins>" in page
    assert "3 further paragraphs" in page
    assert (await board.json("/redlines/7.json"))["hunks"][0]["words"][1] == ["-", "denial"]
    row = dataclasses.replace(row, redline={"section": "742.6", "compared": False})
    monkeypatch.setattr(redlines, "one", lambda conn, change: row)
    assert "could not be had" in (await board.get("/redlines/7"))[1]


@pytest.mark.parametrize("number", ["8", "x", "-1", "9" * 40, "٣"])
async def test_what_is_no_redline_is_no_page(board, number):
    assert (await board.get(f"/redlines/{number}"))[0] == 404
    assert "No amended text" in (await board.get("/redlines"))[1]


async def test_an_alert_stands_in_the_record_by_its_headline(board):
    """By what it said then, in the reader's language; where its facts say too little, by what it is about."""
    member = Member("wire", "Wire", "1", "A title", "https://wire.example/1", NOW, "en", Trust.COMPANY, NOW)
    promised = Assessment(
        relevant=True,
        score=0.9,
        chips=("H20",),
        destinations=("CN",),
        kind=Kind.LICENCE_GRANTED,
        direction=Direction.RELAXES,
        trust=Trust.COMPANY,
        stage=Stage.PROMISED,
    )
    filed = dataclasses.replace(promised, kind=Kind.FILING, direction=Direction.NONE, stage=None)

    def tell(conn):
        for number, facts in enumerate((promised, filed), 1):
            story = Story(f"s-{number}", NOW, NOW, facts, member, (member,))
            evidence.log_revision(conn, Revision(story, 1, Op.POST, NOW), [])

    await board.services.store.write(tell)
    _, page = await board.get("/record")
    assert '<a href="/stories/s-1">H20 → China: licences promised' in page
    assert '<a href="/stories/s-2">H20 → China · company filing</a>' in page
    assert "承诺发放许可证，未见发放</a>" in (await board.get("/record?lang=zh"))[1]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
async def test_the_first_and_the_last_day_there_are_have_a_page(spoken, day):
    assert (await spoken.get(f"/record?day={day}"))[0] == 200
    assert (await spoken.json(f"/record.json?day={day}"))["rows"] == []
