"""What is kept between two requests: never longer than the knowledge it rests on."""

from bot.web import kept
from bot.web.kept import Kept
from tests.web.test_desk import EVENT, act


def test_an_answer_is_worked_out_once_for_each_knowledge(shipped):
    worked: list[str] = []
    keeper, one = Kept(), shipped.knowledge
    other = one.with_ledger(one.ledger)

    def work_out() -> int:
        worked.append("worked")
        return len(worked)

    assert [keeper.answer(each, "q", work_out) for each in (one, one, other, one)] == [1, 1, 2, 3]


def test_no_more_is_kept_than_can_be_borne(shipped, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 10)
    keeper = Kept()
    for number in range(100):
        keeper.answer(shipped.knowledge, number, lambda: 0)
    assert len(keeper._answers) <= 10


async def test_the_matrix_is_never_older_than_the_ledger(board):
    def of_h20(found):
        return next(row for row in found["rows"] if row["chip"] == "H20")["status"]["CN"]

    before = [of_h20(await board.json("/index.json")) for _ in range(2)]
    proof = await board.enter()
    assert (await act(board, "/desk/drafts/record", event=EVENT, proof=proof))[0] == 200
    assert of_h20(await board.json("/index.json")) == "licence_required_presumption_of_denial"
    assert before[0] == before[1] != "licence_required_presumption_of_denial"
