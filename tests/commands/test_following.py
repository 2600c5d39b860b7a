"""Following: one choice makes a sane channel, and following X gives X and nothing else."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import SetClock
from bot.commands.ask import Ask, Person, Where
from bot.commands.reply import Attachment
from bot.delivery.order import Order
from bot.delivery.presets import PRESETS
from bot.locale.catalogue import LANGUAGES
from bot.store import audit, schema, subscriptions, watchlists, workspaces
from bot.store import presence as kept_standing
from bot.store.engine import Store
from bot.store.watchlists import Owner, OwnerKind
from tests.commands.conftest import MANAGER, MEMBER, NOW, OPERATOR, pressed, words
from tests.pipeline.desk import news


async def standing(store, channel="c1"):
    return await store.read(lambda conn: subscriptions.of_channel(conn, "console", channel))


@pytest.mark.parametrize("preset", PRESETS)
async def test_a_preset_is_stored_as_it_is_and_nothing_else(desk, asking, store, preset):
    reply = await desk.answer(asking(person=MANAGER), "chipwatch.follow", {"preset": preset})
    found = await standing(store)
    assert found.order == PRESETS[preset]
    assert found.created_by == "console:u2"
    Order.of(found.order)
    assert "delivered ✓" in words(reply)
    assert "/chipwatch stop" in words(reply)


async def test_headlines_are_restated_as_in_the_sample(desk, asking, store):
    await desk.answer(asking(person=MANAGER), "chipwatch.settings", {"time-zone": "Berlin", "notices": "mods"})
    said = words(await desk.answer(asking(person=MANAGER), "chipwatch.follow", {"preset": "Headlines"}))
    for part in ("#c1 now gets Headlines", "from press or better", "high and critical", "at once", "in English",
                 "No mentions", "Quiet 22:00-07:00 Berlin except critical", "In the last 90 days", "(not needed)",
                 "reported in #mods"):  # fmt: skip
        assert part in said
    said = words(
        await desk.answer(asking("de", MANAGER), "chipwatch.follow", {"preset": "Schlagzeilen", "language": "de"})
    )
    for part in (
        "#c1 bekommt jetzt: Schlagzeilen",
        "ab Presse",
        "sofort",
        "Keine Erwähnungen",
        "Ruhe 22:00-07:00 Uhr (Berlin)",
    ):
        assert part in said


async def test_follow_alone_is_one_question(desk, asking, store):
    reply = await desk.answer(asking(person=MANAGER), "chipwatch.follow")
    labels = [button.label for button in reply.cards[0].buttons]
    assert labels == ["Headlines", "Law only", "Newsroom", "Weekly brief", "Customise"]
    assert await standing(store) is None


@pytest.mark.parametrize("person", [MEMBER, Person("u9", roles=("r1",))])
@pytest.mark.parametrize("path", ["chipwatch.follow", "chipwatch.stop", "chipwatch.settings", "order_set", "customise"])
async def test_who_does_not_manage_changes_nothing(desk, asking, store, person, path):
    reply = await desk.answer(asking(person=person), path, {"preset": "headlines", "draft": "x", "field": "chips"})
    assert "those who manage the channel" in words(reply) or "no option" in words(reply)
    assert await standing(store) is None


async def test_a_role_of_the_settings_manages(desk, asking, store):
    await desk.answer(asking(person=MANAGER), "chipwatch.settings", {"manager-role": "r1"})
    await desk.answer(asking(person=Person("u9", roles=("r1",))), "chipwatch.follow", {"preset": "law_only"})
    assert (await standing(store)).order == PRESETS["law_only"]


async def test_operators_commands_are_closed_to_managers(desk, asking):
    assert "operators" in words(await desk.answer(asking(person=MANAGER), "chipwatch-admin.health"))
    assert "Outbox" in words(await desk.answer(asking(person=OPERATOR), "chipwatch-admin.health"))


async def test_another_servers_channel_is_out_of_reach(desk, asking, store):
    reply = await desk.answer(asking(person=MANAGER), "chipwatch.follow", {"preset": "headlines", "channel": "c2"})
    assert "not known as one of this server" in words(reply)
    assert await standing(store, "c2") is None
    await store.write(lambda conn: subscriptions.add(conn, "console", "c3", {}, NOW, "x", workspace="w2"))
    for path in ("chipwatch.stop", "chipwatch.pause", "chipwatch.edit"):
        assert "follows nothing" in words(await desk.answer(asking(person=MANAGER), path, {"channel": "c3"}))
    assert await standing(store, "c3") is not None


async def test_customise_keeps_what_was_chosen_over_a_restart(desk, asking, store, services, tmp_path):
    ask = asking(person=MANAGER)
    reply = await desk.answer(ask, "customise", {"preset": "newsroom"})
    draft = pressed(reply, "order_set")["draft"]
    steps = [("chips", ("H20", "H200")), ("kinds", ("rule", "licence")), ("severity", ("high",)), ("pace", ("daily",)),
             ("reminders", ("14", "1")),
             ("at", ("08:00",)), ("quiet", ("none",)), ("destinations", ("CN",))]  # fmt: skip
    for field, chosen in steps:
        reply = await desk.answer(ask, "order_set", {"draft": draft, "field": field, "chosen": chosen})
        assert reply.replace
    reopened = await Store.open(str(store.url), upgrade=False)
    services.store = reopened
    form = (await desk.answer(ask, "order_words", {"draft": draft})).form
    assert [field.name for field in form.fields] == ["words", "all-words", "without-words"]
    filled = {**dict(form.values), "words": "licence, permit", "without-words": "gaming"}
    reply = await desk.answer(ask, "order_words", filled)
    assert "H20 and H200" in words(reply)
    assert "Reminders of dates ahead so many days before: 1 and 14" in words(reply)
    reply = await desk.answer(ask, "order_save", {"draft": draft})
    assert "now gets an order of its own" in words(reply)
    order = Order.of((await standing(reopened)).order)
    assert (set(order.chips), set(order.destinations)) == ({"H20", "H200"}, {"CN"})
    assert (order.pace, order.at, order.reminders) == ("daily", "08:00", (1, 14))
    assert order.kinds >= {"rule", "licence_granted"}
    assert "entity_list" not in order.kinds
    assert (order.words, order.without_words, order.quiet) == (("licence", "permit"), ("gaming",), None)
    assert "expired" in words(await desk.answer(ask, "order_save", {"draft": draft}))
    services.store = store
    await reopened.close()


async def test_a_draft_expires_and_belongs_to_whoever_began_it(desk, asking, services):
    draft = pressed(await desk.answer(asking(person=MANAGER), "customise"), "order_set")["draft"]
    assert "expired" in words(await desk.answer(asking(person=OPERATOR), "order_what", {"draft": draft}))
    services.clock.set(services.clock.now() + timedelta(hours=25))
    assert "expired" in words(await desk.answer(asking(person=MANAGER), "order_what", {"draft": draft}))


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        ("pace", "hourly"),
        ("severity", "huge"),
        ("nonsense", "x"),
        ("at", "25:99"),
        ("growth", ""),
        ("quiet", "x"),
        ("weekday", "x"),
        ("reminders", "soon"),
        ("reminders", "999"),
    ],
)
async def test_a_forged_choice_changes_nothing(desk, asking, field, chosen):
    ask = asking(person=MANAGER)
    draft = pressed(await desk.answer(ask, "customise"), "order_set")["draft"]
    reply = await desk.answer(ask, "order_set", {"draft": draft, "field": field, "chosen": (chosen,)})
    assert "cannot be" in words(reply) or reply.replace
    assert "0001" not in words(reply)
    assert "now gets" in words(await desk.answer(ask, "order_save", {"draft": draft}))


async def test_export_stop_and_import_bring_an_order_back(desk, asking, store):
    ask = asking(person=MANAGER)
    await desk.answer(ask, "chipwatch.follow", {"preset": "law_only", "language": "zh"})
    exported = (await desk.answer(ask, "chipwatch.list", {"do": "export"})).files[0]
    stopped = await desk.answer(ask, "chipwatch.stop")
    assert await standing(store) is None
    assert json.loads(stopped.files[0].content) == json.loads(exported.content)
    await desk.answer(ask, "chipwatch.list", {"do": "import", "file": exported})
    found = await standing(store)
    assert (found.order, found.language) == (PRESETS["law_only"], "zh")


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b"[" * 50_000]
    + [
        f'{{"format":"chipwatch-order-1","order":{order}}}'.encode()
        for order in (
            '{"pace":"x"}',
            '{"reminders":7}',
            '{"reminders":["7"]}',
            '{"reminders":[-1]}',
            '{"reminders":[400]}',
            '{"reminders":[true]}',
            '{"reminders":[2.5]}',
        )
    ],
)
async def test_a_file_that_is_no_order_is_refused(desk, asking, store, content):
    reply = await desk.answer(
        asking(person=MANAGER), "chipwatch.list", {"do": "import", "file": Attachment("x", content)}
    )
    assert "no exported order" in words(reply)
    assert await standing(store) is None


async def test_an_order_that_cannot_be_read_is_listed_beside_the_others_with_what_is_wrong(desk, asking, store):
    await desk.answer(asking(person=MANAGER), "chipwatch.follow", {"preset": "headlines"})
    spoilt = {"chips": "H20"}
    await store.write(lambda conn: subscriptions.add(conn, "console", "spoilt", spoilt, NOW, "u2", workspace="w1"))
    said = words(await desk.answer(asking(person=MANAGER), "chipwatch.list"))
    assert "at once" in said
    assert "chips cannot be read" in said


async def test_an_order_is_copied_from_another_channel(desk, asking, store):
    await desk.answer(asking(person=MANAGER, channel="c2"), "chipwatch.follow", {"preset": "weekly_brief"})
    await desk.answer(asking(person=MANAGER), "chipwatch.list", {"do": "copy", "channel": "c2"})
    assert (await standing(store)).order == PRESETS["weekly_brief"]
    listed = words(await desk.answer(asking(person=MANAGER), "chipwatch.list"))
    assert "2 channels follow" in listed
    assert "console:u2" in listed


async def test_every_change_is_audited_with_before_and_after(desk, asking, store):
    ask = asking(person=MANAGER)
    for path, arguments in (("follow", {"preset": "headlines"}), ("follow", {"preset": "law_only"}), ("pause", {}),
                            ("resume", {}), ("stop", {}), ("settings", {"language": "de"})):  # fmt: skip
        await desk.answer(ask, f"chipwatch.{path}", arguments)
    lines = await store.read(audit.lines)
    assert [line["action"] for line in lines[::-1]] == [
        "order.add", "order.change", "order.pause", "order.resume", "order.stop", "settings.change",
    ]  # fmt: skip
    change = lines[-2]
    assert change["before"]["order"] == PRESETS["headlines"]
    assert change["after"]["order"] == PRESETS["law_only"]
    assert {line["who"] for line in lines} == {"console:u2"}
    assert "6 changes" in words(await desk.answer(ask, "chipwatch.audit"))


async def test_an_order_whose_channel_is_lost_is_not_resumed_by_hand(desk, asking, store):
    await desk.answer(asking(person=MANAGER), "chipwatch.follow", {"preset": "headlines"})
    await store.write(lambda conn: kept_standing.lose(conn, "console", "channel", "c1", "no access", NOW))
    said = words(await desk.answer(asking(person=MANAGER), "chipwatch.resume"))
    assert "cannot be reached: no access" in said
    assert (await standing(store)).lost == "channel"
    assert (await standing(store)).paused_at == NOW


async def test_the_servers_default_is_followed(desk, asking, store):
    ask = asking(person=MANAGER)
    await desk.answer(ask, "chipwatch.settings", {"default": "law_only", "language": "de"})
    await desk.answer(ask, "chipwatch.follow", {"preset": "default"})
    found = await standing(store)
    assert (found.order, found.language) == (PRESETS["law_only"], "de")


async def test_erasing_forgets_everything_of_a_server(desk, asking, store):
    ask = asking(person=MANAGER)
    await desk.answer(ask, "chipwatch.follow", {"preset": "headlines"})
    await desk.answer(ask, "chipwatch.settings", {"language": "de"})
    question = await desk.answer(ask, "erase")
    assert question.cards[0].buttons[0].action == "chipwatch.privacy"
    await desk.answer(ask, "chipwatch.privacy", pressed(question, "chipwatch.privacy"))
    assert await standing(store) is None
    assert await store.read(lambda conn: workspaces.one(conn, "console", "w1")) is None
    assert [line["action"] for line in await store.read(audit.lines)] == ["workspace.erase"]


async def test_erasing_forgets_what_is_kept_for_channels_whose_order_is_gone(desk, asking, store):
    for channel, name in (("c2", "First GmbH"), ("c5", "Second GmbH")):
        named = {"do": "add", "name": name, "whose": "channel"}
        await desk.answer(asking(person=MANAGER, channel=channel), "chipwatch.watchlist", named)
    await desk.answer(asking(person=MANAGER, channel="c2"), "chipwatch.follow", {"preset": "headlines"})
    await desk.answer(asking(person=MANAGER, channel="c2"), "chipwatch.stop")
    await desk.answer(asking(person=MANAGER, channel="c3"), "customise", {"preset": "newsroom"})
    other = Ask(MANAGER, Where("console", "w2", "c9"), "en", asking().services)
    await desk.answer(other, "chipwatch.watchlist", {"do": "add", "name": "Third GmbH", "whose": "channel"})
    await desk.answer(other, "customise", {"preset": "newsroom"})
    await desk.answer(asking(person=MANAGER), "chipwatch.privacy", {"do": "erase"})

    def left(conn):
        kept = [watchlists.names_of(conn, Owner("console", OwnerKind.CHANNEL, c)) for c in ("c2", "c5", "c9")]
        begun = conn.execute(sa.select(schema.drafts.c.workspace)).scalars().all()
        return [[entry.name for entry in entries] for entries in kept], begun, [e["action"] for e in audit.lines(conn)]

    assert await store.read(left) == ([[], [], ["Third GmbH"]], ["w2"], ["workspace.erase", "watchlist.add"])


async def test_the_audit_of_a_server_tells_of_channels_whose_order_is_gone_and_of_no_other_server(desk, asking, store):
    await desk.answer(asking(person=MANAGER, channel="c2"), "chipwatch.follow", {"preset": "headlines"})
    await desk.answer(asking(person=MANAGER, channel="c2"), "chipwatch.stop")
    said = words(await desk.answer(asking(person=MANAGER, channel="c1"), "chipwatch.audit"))
    assert said.count("c2") == 2
    other = Ask(MANAGER, Where("console", "w2", "c9"), "en", asking().services)
    assert "c2" not in words(await desk.answer(other, "chipwatch.audit"))


async def test_the_preview_counts_what_the_order_would_have_brought(desk, asking, services, wire):
    await wire.poll(news("1"), news("2", "US approves licences for AMD MI308 chips to China"))
    services.clock = SetClock(wire.now + timedelta(hours=1))
    ask = asking(person=MANAGER)
    everything = words(await desk.answer(ask, "chipwatch.preview", {"preset": "newsroom"}))
    law = words(await desk.answer(ask, "chipwatch.preview", {"preset": "law_only"}))
    assert "would have been 2" in everything
    assert "would have been 0" in law


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["chipwatch.doctor", "chipwatch.preview"])
async def test_an_order_that_cannot_be_read_is_named_by_doctor_and_preview(desk, asking, store, language, path):
    ask = asking(language, person=MANAGER)
    await desk.answer(ask, "chipwatch.follow", {"preset": "headlines"})
    broken = schema.subscriptions.update().values(order={"chips": "H20"})
    await store.write(lambda conn: conn.execute(broken))
    said = words(await desk.answer(ask, path))
    assert "chips" in said
    assert "/chipwatch follow" in said
    assert not any(bug in said for bug in ("log under", "Protokoll unter", "日志"))
