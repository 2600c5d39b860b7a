"""What is kept between two requests: never longer than the knowledge it rests on."""

import dataclasses
from datetime import timedelta
from functools import partial

from bot.model import Assessment, Member, Trust
from bot.pipeline.reading import retrieval
from bot.store import stories
from bot.web import kept
from bot.web.kept import Kept, Lasting, This
from tests.letters import EVENT
from tests.web.conftest import NOW
from tests.web.test_desk import act


def test_an_answer_is_worked_out_once_for_each_knowledge(knowledge):
    worked: list[str] = []
    keeper, one = Kept(), knowledge
    other = one.with_ledger(one.ledger)

    def work_out() -> int:
        worked.append("worked")
        return len(worked)

    assert [keeper.answer(each, "q", work_out) for each in (one, one, other, one)] == [1, 1, 2, 3]


def test_no_more_is_kept_than_can_be_borne(knowledge, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 10)
    keeper = Kept()
    for number in range(100):
        keeper.answer(knowledge, number, lambda: 0)
    assert len(keeper._answers) <= 10


def test_what_looks_the_same_is_not_the_same(monkeypatch):
    monkeypatch.setattr(kept, "MOST_LASTING", 3)
    keeper, one, other = Lasting(), ["a"], ["a"]
    worked = [keeper.answer(This(thing), partial(id, thing)) for thing in (one, other, one)]
    assert worked == [id(one), id(other), id(one)]
    for number in range(10):
        assert keeper.answer(number, partial(int, number)) == number
    assert len(keeper._answers) <= 3


async def test_a_story_is_the_same_object_until_anything_stored_of_it_is_otherwise(board):
    """Each way in which a store changes a story, its member or what its member was assessed to be."""
    member = Member("wire", "Wire", "1", "H20 stopped", "https://wire.example/1", NOW, "en", Trust.PRESS, NOW)
    said = Assessment(True, 0.9, chips=("H20",))
    write, read = board.services.store.write, board.services.store.read

    def begin(conn):
        stories.begin(conn, "s-1", said, NOW)
        stories.seat(conn, "s-1", member, said, {})

    await write(begin)
    changes = [
        lambda conn: stories.reseat(conn, dataclasses.replace(member, title="H20 stopped for good"), said, {}),
        lambda conn: stories.reseat(conn, member, dataclasses.replace(said, chips=("H20", "H200")), {}),
        lambda conn: stories.seat(
            conn, "s-1", dataclasses.replace(member, key="2", url="https://w.example/2"), said, {}
        ),
        lambda conn: stories.grow(conn, "s-1", said, NOW + timedelta(hours=1), 2),
        lambda conn: stories.rename(conn, "wire", "2", "3"),
        lambda conn: stories.retract(conn, "s-1", NOW),
    ]
    last = await read(lambda conn: retrieval.one(conn, "s-1"))
    for change in changes:
        assert await read(lambda conn: retrieval.one(conn, "s-1")) is last
        await write(change)
        newer = await read(lambda conn: retrieval.one(conn, "s-1"))
        assert newer != last
        last = newer


async def test_the_matrix_is_never_older_than_the_ledger(board):
    def of_h20(found):
        return next(row for row in found["rows"] if row["chip"] == "H20")["status"]["CN"]

    before = [of_h20(await board.json("/index.json")) for _ in range(2)]
    proof = await board.enter()
    assert (await act(board, "/desk/drafts/record", event=EVENT, proof=proof))[0] == 200
    assert of_h20(await board.json("/index.json")) == "licence_required_presumption_of_denial"
    assert before[0] == before[1] != "licence_required_presumption_of_denial"
