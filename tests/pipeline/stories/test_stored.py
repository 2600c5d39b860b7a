"""What a stored story shows of its members: what two of them say of one document stands in it once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import Assessment, Member, Trust
from bot.pipeline.stories.stored import story_from
from bot.store.stories import Seat, StoryRow
from tests.pipeline.desk import Desk, news

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def seat(id_: int, url: str | None, trust: Trust = Trust.PRESS, *names: str, page: bool = False) -> Seat:
    published = NOW + timedelta(minutes=id_)
    member = Member(f"s{id_}", f"S{id_}", f"k{id_}", f"t{id_}", url, published, "en", trust, published)
    facts = Assessment(relevant=True, score=1.0, chips=("H20",), trust=trust)
    return Seat(id_, "s-1", member, facts, "{}", "s-1", names, by_address=not page)


def shown(*seats: Seat, **row: object) -> list[str]:
    values = {"archive": False, "retracted_at": None} | row
    facts = Assessment(relevant=True, score=1.0, chips=("A800",))
    story = story_from(StoryRow("s-1", NOW, NOW + timedelta(days=1), facts, 1, **values), seats)  # type: ignore[arg-type]
    assert (story.id, story.began_at, story.grew_at) == ("s-1", NOW, NOW + timedelta(days=1))
    assert (story.archive, story.retracted) == (values["archive"], values["retracted_at"] is not None)
    assert story.facts.chips == (("A800",) if story.archive else ("H20",))
    assert story.head in story.members
    return [member.key for member in story.members]


def test_members_stand_in_the_order_in_which_they_came() -> None:
    assert shown(seat(1, "https://a.example/1"), seat(2, "https://b.example/2", Trust.OFFICIAL)) == ["k1", "k2"]


def test_one_address_stands_once_as_the_more_trusted_tells_it() -> None:
    press, office = seat(1, "https://a.example/1?utm_source=x"), seat(2, "https://a.example/1", Trust.OFFICIAL)
    assert shown(press, office) == ["k2"]
    assert shown(seat(1, "https://a.example/1"), seat(2, "https://a.example/1")) == ["k1"]


def test_of_two_stations_of_one_document_the_later_speaks() -> None:
    desk = seat(1, "https://inspection.example/1", Trust.OFFICIAL, "fr:2026-1")
    printed = seat(2, "https://register.example/1", Trust.OFFICIAL, "fr:2026-1")
    assert shown(desk, printed) == ["k2"]
    assert shown(desk, seat(2, "https://press.example/1", Trust.PRESS, "fr:2026-1")) == ["k1"]
    assert shown(desk, seat(2, "https://register.example/2", Trust.OFFICIAL, "fr:2026-2")) == ["k1", "k2"]


def test_a_document_with_several_names_is_known_by_any_of_them() -> None:
    first = seat(1, "https://a.example/1", Trust.OFFICIAL, "fr:2026-1", "bill:hr-1-119")
    again = seat(2, "https://b.example/1", Trust.OFFICIAL, "bill:hr-1-119")
    third = seat(3, "https://c.example/1", Trust.OFFICIAL, "fr:2026-1")
    assert shown(first, again, third) == ["k3"]


def test_the_changes_of_a_page_stand_one_by_one_and_so_do_documents_without_an_address() -> None:
    address = "https://page.example/rules"
    assert shown(seat(1, address, page=True), seat(2, address, page=True)) == ["k1", "k2"]
    assert shown(seat(1, None), seat(2, None)) == ["k1", "k2"]


def test_an_event_of_the_ledger_keeps_its_own_facts_and_a_retraction_shows() -> None:
    assert shown(seat(1, "https://a.example/1"), archive=True) == ["k1"]
    assert shown(seat(1, "https://a.example/1"), retracted_at=NOW) == ["k1"]


async def test_china_that_no_word_names_gives_way_in_a_stored_story_too(desk: Desk) -> None:
    await desk.poll()
    title = "US requires licence for Nvidia H20 chip exports{}"
    await desk.poll(news("a", title.format("")))
    outcome = await desk.poll(
        news("b", title.format(" to Malaysia")), news("c", title.format(" to Malaysia, Nvidia says"))
    )
    told = outcome.revisions[-1].story
    assert len(told.members) == 3
    assert told.facts.destinations == ("MY",)
