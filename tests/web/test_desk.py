"""The operators' desk: who gets in, and what an act does in the store."""

import dataclasses
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.locale.catalogue import catalogue
from bot.settings import Secret
from bot.store import added_sources, audit, held, ledger, schema
from bot.web.desk.entrance import TRIES
from bot.web.desk.rooms import ACTS, ROOMS, SHOWN
from bot.web.guard import asker
from tests.letters import EVENT
from tests.pipeline.desk import Desk as Wire
from tests.pipeline.desk import news
from tests.web.conftest import NOW, TOKEN
from tests.web.test_guard import tell


async def act(board, path, **form):
    async with board.browser.post(board.address + path, data=form) as answer:
        return answer.status, str(answer.url), await answer.text()


async def test_every_room_is_closed_to_strangers_and_open_after_the_token(board):
    assert len(ROOMS) > 8
    for path in ROOMS:
        async with board.browser.get(board.address + path) as answer:
            assert answer.url.path == "/desk/enter"
    for path in ACTS:
        _, url, _ = await act(board, path, source="wire")
        assert url.endswith("/desk/enter")
    assert await board.enter()
    for path in ROOMS:
        status, page = await board.get(path)
        assert (status, 'name="proof"' in page or path in ("/desk", "/desk/audit", "/desk/settings")) == (200, True)


async def test_a_desk_without_a_token_is_closed_to_everybody(board):
    board.services.settings = dataclasses.replace(
        board.services.settings, desk=dataclasses.replace(board.services.settings.desk, token=Secret(""))
    )
    # the door was hung with the old token: a new server has none
    from bot.web.desk.entrance import Entrance

    door = Entrance(Secret(""), board.services.clock)
    assert not door.is_open
    assert door.try_token("", "127.0.0.1") is None
    assert door.session("") is None


async def test_wrong_tokens_are_refused_and_soon_not_even_looked_at(board):
    for _ in range(TRIES):
        status, _, page = await act(board, "/desk/enter", token="wrong")
        assert status == 401
        assert "not the token" in page
    status, _, _ = await act(board, "/desk/enter", token=TOKEN)
    assert status == 429, "even the right one has to wait now"


async def test_behind_a_proxy_wrong_tokens_of_one_stranger_close_the_door_to_him_alone(board):
    async def tried(token: str, address: str) -> int:
        headers, data = {"X-Forwarded-For": address}, {"token": token}
        enter = f"{board.address}/desk/enter"
        async with board.browser.post(enter, data=data, headers=headers, allow_redirects=False) as answer:
            return int(answer.status)

    for guess in range(TRIES):
        assert await tried("wrong", f"192.0.2.{guess}, 198.51.100.7") == 401
    assert await tried(TOKEN, "198.51.100.7") == 429
    assert await tried(TOKEN, "203.0.113.5, 198.51.100.7") == 429, "what a stranger writes before it counts for nothing"
    assert await tried(TOKEN, "198.51.100.8") == 303


def test_guesses_from_everywhere_leave_an_address_that_never_guessed_its_try(board):
    from bot.web.desk.entrance import Entrance

    door = Entrance(Secret(TOKEN), board.services.clock)
    for number in range(TRIES * 10):
        assert door.try_token("wrong", f"host-{number}") is None
    with pytest.raises(web.HTTPTooManyRequests):
        door.try_token(TOKEN, "host-3")
    assert door.try_token(TOKEN, "an operator's own")


@pytest.mark.parametrize(
    ("peer", "said", "counted"),
    [
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("172.17.0.1", "1.1.1.1,  198.51.100.7", "198.51.100.7"),
        ("8.8.8.8", "198.51.100.7", "8.8.8.8"),
        ("::1", "2a00:1450:4001:80b::200e", "2a00:1450:4001:80b::/64"),
        ("::ffff:127.0.0.1", "nonsense", "127.0.0.1"),
        (None, "198.51.100.7", ""),
    ],
)
def test_whom_a_request_is_counted_to(peer, said, counted):
    headers = {"X-Forwarded-For": said} if said else {}
    request = make_mocked_request("GET", "/desk", headers=headers).clone(remote=peer)
    assert asker(request) == counted


async def test_a_room_in_which_much_waits_shows_the_first_of_it_and_how_much_more(board):
    wire = await Wire(board.services.store).open()
    await wire.poll()
    story = (await wire.poll(news("1"))).changes[0].story
    rows = [{"story": story, "reporter": "discord:1", "reason": f"report {n}", "at": NOW} for n in range(SHOWN + 7)]
    await board.services.store.write(lambda conn: conn.execute(schema.reports.insert(), rows))
    held = [{"source": "wire", "key": f"k-{n}", "at": NOW, "reason": "redated", "detail": ""} for n in range(SHOWN + 7)]
    await board.services.store.write(lambda conn: conn.execute(schema.held_documents.insert(), held))
    await board.enter()
    for path, first in (("/desk/stories", "report 0"), ("/desk/held", "k-0")):
        _, page = await board.get(path)
        assert first in page
        assert "7 more wait" in page
    _, page = await board.get("/desk")
    assert str(SHOWN + 7) in page


@pytest.mark.parametrize("number", ["²", "9" * 30, "-1", ""])
@pytest.mark.parametrize("path", ["/desk/stories/dismiss", "/desk/held/document"])
async def test_a_number_that_is_none_is_refused_in_words(board, path, number):
    proof = await board.enter()
    status, _, _ = await act(board, path, number=number, proof=proof)
    assert status in (200, 303, 400, 404)


async def test_a_guess_takes_as_long_however_near_it_is(board):
    from bot.web.desk.entrance import Entrance

    def seconds(guess: str) -> float:
        best = 1.0
        for _ in range(5):
            door = Entrance(Secret(TOKEN), board.services.clock)
            began = time.perf_counter()
            for number in range(40):
                door._wrong.clear()
                door.try_token(guess + str(number), "127.0.0.1")
            best = min(best, time.perf_counter() - began)
        return best

    far, near = seconds("x" * len(TOKEN)), seconds(TOKEN[:-2])
    assert max(far, near) < 10 * min(far, near)


@pytest.mark.parametrize("forged", ["", "x", "0" * 64])
async def test_a_form_without_proof_changes_nothing(board, forged):
    await board.enter()
    status, _, _ = await act(board, "/desk/sources/pause", source="wire", proof=forged)
    assert status == 403
    assert not await board.services.store.read(added_sources.paused)


async def test_a_form_from_another_site_changes_nothing(board):
    proof = await board.enter()
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        async with board.browser.post(
            f"{board.address}/desk/sources/pause", data={"source": "wire", "proof": proof}, headers=headers
        ) as answer:
            assert answer.status == 403
    assert not await board.services.store.read(added_sources.paused)


async def test_a_forged_cookie_is_no_session(board):
    board.browser.cookie_jar.clear()
    for cookie in ("x", "a.9999999999.b", "." * 400):
        async with board.browser.get(f"{board.address}/desk", cookies={"desk": cookie}) as answer:
            assert answer.url.path == "/desk/enter"


async def test_a_source_is_added_paused_resumed_and_removed_with_a_line_each(board):
    proof = await board.enter()
    table = '[[source]]\nid = "new-one"\nkind = "feed"\nurl = "https://new.example/feed"\n'
    status, _, page = await act(board, "/desk/sources/add", table=table, proof=proof)
    assert (status, "new-one was added" in page) == (200, True)
    for word in ("pause", "resume", "remove"):
        status, _, _ = await act(board, f"/desk/sources/{word}", source="new-one", proof=proof)
        assert status == 200
    lines = await board.services.store.read(audit.lines)
    assert [line["action"] for line in lines] == ["source.remove", "source.resume", "source.pause", "source.add"]
    assert {line["who"] for line in lines} == {"desk"}


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("[[source]]\nid = 3", "kind"),
        ('[[source]]\nid = "wire"\nkind = "feed"\nurl = "https://x.example/f"', "already"),
        ("no toml [", "TOML"),
        ("", "One source at a time"),
    ],
)
async def test_a_wrong_table_says_what_is_wrong_and_adds_nothing(board, table, complaint):
    proof = await board.enter()
    status, _, page = await act(board, "/desk/sources/add", table=table, proof=proof)
    assert status == 400
    assert complaint in page
    assert not await board.services.store.read(added_sources.tables)


async def test_recording_an_event_changes_the_answer_on_the_board(board):
    before = await board.json("/status/H20/CN.json")
    proof = await board.enter()
    status, _, page = await act(board, "/desk/drafts/record", event=EVENT, proof=proof)
    assert status == 200, page
    assert "2026-11-20-h20-rule is recorded" in page
    after = await board.json("/status/H20/CN.json")
    assert before["layers"]["us_export"]["status"] != after["layers"]["us_export"]["status"]
    assert after["layers"]["us_export"]["status"] == "licence_required_presumption_of_denial"
    assert len(await board.services.store.read(ledger.recorded)) == 1


async def test_a_draft_is_rejected_once(board):
    await board.services.store.write(lambda conn: ledger.draft(conn, "d-1", EVENT, "wire", "k", NOW))
    proof = await board.enter()
    assert (await act(board, "/desk/drafts/reject", draft="d-1", proof=proof))[0] == 200
    assert (await act(board, "/desk/drafts/reject", draft="d-1", proof=proof))[0] == 400
    assert not await board.services.store.read(ledger.drafts)


async def test_a_held_change_is_released(board):
    def hold(conn):
        from bot.store import sources

        sources.register(conn, {"wire": "feed"})
        held.hold(conn, "wire", ["a", "b"], "half of it is new", NOW)

    await board.services.store.write(hold)
    proof = await board.enter()
    assert "half of it is new" in (await board.get("/desk/held"))[1]
    assert (await act(board, "/desk/held/change", source="wire", word="release", proof=proof))[0] == 200
    assert not await board.services.store.read(held.waiting)
    assert [line["action"] for line in await board.services.store.read(audit.lines)] == ["held.released"]
    assert (await act(board, "/desk/held/change", source="wire", word="release", proof=proof))[0] == 400


async def test_no_page_of_the_desk_shows_a_secret(board):
    await board.enter()
    for path in ROOMS:
        assert TOKEN not in (await board.get(path))[1]


def followed(conn):
    from bot.store import subscriptions

    order = {"severity": "high", "trust": "press"}
    return subscriptions.add(conn, "discord", "90210", order, NOW, "discord:1", workspace="81384")


async def test_an_order_is_paused_resumed_and_ended_with_a_line_each(board):
    from bot.store import subscriptions

    number = await board.services.store.write(followed)
    proof = await board.enter()
    page = (await board.get("/desk/subscriptions"))[1]
    assert "discord 81384/90210" in page
    assert "from press or better" in page
    for word in ("pause", "resume", "stop"):
        assert (await act(board, f"/desk/subscriptions/{word}", order=str(number), proof=proof))[0] == 200, word
        assert (await act(board, f"/desk/subscriptions/{word}", order=str(number), proof=proof))[0] == 400, word
    assert await board.services.store.read(subscriptions.count) == 0
    lines = await board.services.store.read(audit.lines)
    assert [line["action"] for line in lines] == ["order.stop", "order.resume", "order.pause"]
    assert lines[2]["before"]["paused"] is False
    assert lines[2]["after"]["paused"] is True
    assert lines[0]["after"] is None


@pytest.mark.parametrize("number", ["", "x", "999", "1; DROP TABLE", "9" * 30])
async def test_what_is_no_order_and_no_delivery_is_refused(board, number):
    proof = await board.enter()
    for path, field in (("/desk/subscriptions/stop", "order"), ("/desk/deliveries/retry", "delivery")):
        assert (await act(board, path, **{field: number}, proof=proof))[0] == 400


async def test_a_failed_delivery_is_sent_once_more_or_let_be(board):
    from bot.model import Op
    from bot.store import deliveries, outbox_view

    def fail(conn):
        number = followed(conn)
        deliveries.add(conn, [deliveries.Born("s-1", 1, Op.POST, 1, [number])], NOW)
        (row,) = outbox_view.listing(conn, ("due",))
        deliveries.give_up(conn, row.id, "the channel is full")
        return row.id

    number = await board.services.store.write(fail)
    proof = await board.enter()
    assert "the channel is full" in (await board.get("/desk/deliveries"))[1]
    assert "the channel is full" in (await board.get("/desk/deliveries?state=gave_up"))[1]
    assert "the channel is full" not in (await board.get("/desk/deliveries?state=sent"))[1]
    assert (await act(board, "/desk/deliveries/retry", delivery=str(number), proof=proof))[0] == 200
    assert await board.services.store.read(deliveries.by_state) == {"due": 1}
    assert (await act(board, "/desk/deliveries/cancel", delivery=str(number), proof=proof))[0] == 200
    assert await board.services.store.read(deliveries.by_state) == {"gave_up": 1}
    lines = await board.services.store.read(audit.lines)
    assert [line["action"] for line in lines] == ["delivery.cancel", "delivery.retry"]


async def test_a_story_that_was_taken_back_shows_its_correction(board):
    await tell(board, "Nvidia sells the H20 to China")
    proof = await board.enter()
    assert (await act(board, "/desk/stories/retract", story="s-nasty", cause="misread", proof=proof))[0] == 200
    _, page = await board.get("/stories/s-nasty")
    say = catalogue("en")
    assert say.text("correction.cause.misread") in page
    assert "<title>Withdrawn: " in page
    assert say.text("marks.sure.correction") in page


async def test_the_page_of_a_story_that_went_into_one_taken_back_shows_the_correction(board):
    from bot.store import stories

    await tell(board, "Nvidia sells the H20 to China")

    def merged(conn):
        row = stories.row(conn, "s-nasty")
        assert row is not None
        stories.begin(conn, "s-away", stories.seats(conn, row.id)[0].assessment, row.began_at)
        stories.join(conn, "s-away", "s-nasty")

    await board.services.store.write(merged)
    proof = await board.enter()
    assert (await act(board, "/desk/stories/retract", story="s-nasty", cause="misread", proof=proof))[0] == 200
    _, page = await board.get("/stories/s-away")
    say = catalogue("en")
    assert say.text("correction.cause.misread") in page
    assert say.text("marks.sure.correction") in page


async def test_a_source_that_rests_is_counted_and_said_to_rest(board):
    from bot.store import sources

    def rest(conn):
        sources.register(conn, {"wire": "feed"})
        sources.save(conn, "wire", error=sources.RESTS, error_detail="set fetch.contact")

    await board.services.store.write(rest)
    await board.enter()
    word = catalogue("en").text("sources.health.resting")
    assert f"{word} 1" in (await board.get("/desk"))[1]
    assert word in (await board.get("/desk/sources"))[1]


async def test_a_source_is_polled_now(board):
    from bot.store import sources

    def wait(conn):
        sources.register(conn, {"wire": "feed"})
        sources.save(conn, "wire", next_poll_at=NOW.replace(year=2027))

    await board.services.store.write(wait)
    proof = await board.enter()
    assert (await act(board, "/desk/sources/poll", source="wire", proof=proof))[0] == 200
    state = await board.services.store.read(lambda conn: sources.state_of(conn, "wire"))
    assert state.next_poll_at == NOW
    assert (await board.services.store.read(audit.lines))[0]["action"] == "source.poll"
    await act(board, "/desk/sources/pause", source="wire", proof=proof)
    assert (await act(board, "/desk/sources/poll", source="wire", proof=proof))[0] == 400
    assert (await act(board, "/desk/sources/poll", source="nobody", proof=proof))[0] == 400
