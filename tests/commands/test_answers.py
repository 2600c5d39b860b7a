"""The answers of the house style: their facts and their structure, in English and German."""

from datetime import date, timedelta

import pytest

from bot.knowledge.dated import Dated
from bot.knowledge.deadlines import Due
from bot.locale.catalogue import catalogue
from bot.model import Party
from bot.store import calendar, evidence, parties
from tests.commands.conftest import NOW, words


@pytest.mark.parametrize(
    ("language", "line", "parts"),
    [
        ("en", "H200 Malaysia", ["H200 → Malaysia, today: no US licence for chip and country alone",
            "⚠ Depends: buyer headquartered in D:5 or Macau → US licence required, denial presumed", "3A090.a",
            "TPP 15,832", "none of D:1, D:4, D:5", "does not enforce it", "30 days' notice and a MITI permit",
            "Since 14 Jul 2025", "Still to check: Entity List and owners · end use · red flags for diversion",
            "Ledger to 9 Oct 2026 (45 days old)", "outcome not recorded"]),
        ("de", "H200 Malaysia", ["H200 → Malaysia, heute: keine US-Genehmigung", "Ablehnungsvermutung", "TPP 15.832",
            "D:1", "MITI", "14. Juli 2025", "Noch zu prüfen: Entity List und Eigentümer · Endverwendung",
            "Datenstand 9. Oktober 2026 (45 Tage alt)"]),
        ("en", "H200 Singapore buyer:China", ["buyer owned from China, today: US licence required, denial presumed",
            "I read: H200 · export from US · to Singapore · ultimate parent headquartered in China",
            "headquarters", "not the port", "17 Nov 2023", "31 May 2026", "does not reach it",
            "Same company, ultimate parent outside D:5 and Macau: no US licence for chip and country alone"]),
        ("de", "H200 Singapur käufer:China", ["Käufer mit chinesischer Konzernmutter", "Ablehnungsvermutung",
            "Verstanden: H200", "nicht der Hafen", "17. November 2023", "Gleiche Firma", "Einzelfallprüfung"]),
        ("en", "H20 China date:2025-05-20 known-on:2025-05-20", ["on 20 May 2025, as known that day",
            "US licence required by letter; review policy unpublished", "letter of 9 April 2025", "public 15 April",
            "Form 8-K", "meets no paragraph of 3A090 (TPP 2,368, performance density 2.91)",
            "Learnt later, not used above", "(8 Aug 2025)",
            "Note for 9 Apr to 14 Apr 2025", "What this bot said on 20 May 2025: nothing.",
            "reconstruction from ledger 2026.10.09 (sha256 "]),
        ("de", "H20 China date:2025-05-20 known-on:2025-05-20", ["nach damaligem Wissen",
            "Prüfmaßstab nicht veröffentlicht",
            "Es bindet das Schreiben, nicht die Liste", "Erst später bekannt, hier nicht verwendet",
            "Was dieser Bot am 20. Mai 2025 sagte: nichts.", "Rekonstruktion aus Datenstand 2026.10.09"]),
        ("en", "pulse", ["All quiet, and I am awake.", "Next dates: ", "authorised designer", "Unanswered: ",
            "13 days without a recorded outcome", "Ledger to 9 Oct 2026 (45 days old)"]),
        ("de", "pulse", ["Alles ruhig, und ich bin wach.", "Nächste Termine: ", "Unbeantwortet: ",
            "seit 13 Tagen kein Ergebnis erfasst"]),
    ],
)  # fmt: skip
async def test_an_answer_has_the_facts_of_its_sample(desk, asking, language, line, parts):
    said = words(await desk.typed(asking(language), line))
    assert [part for part in parts if part not in said] == [], said


async def test_the_auditor_is_told_what_was_said_and_when_the_log_begins(desk, asking, services, store):
    await desk.typed(asking(), "H20 China")
    await services.settled()
    said = words(await desk.typed(asking(), "H20 China date:2026-11-23 known-on:2026-11-23"))
    assert "What this bot said on 23 Nov 2026: US licence required by letter" in said
    assert "(row 1 of its log)" in said
    said = words(await desk.typed(asking(), "H20 China date:2025-05-20 known-on:2025-05-20"))
    assert "nothing. Its log begins on 23 Nov 2026." in said
    assert await store.read(evidence.begins_at) == NOW


async def test_what_a_wrong_name_may_have_meant_is_offered(desk, asking):
    reply = await desk.typed(asking(), "H2000 China")
    assert any(dict(button.values).get("chip") == "H200" for button in reply.cards[0].buttons)
    reply = await desk.typed(asking(), "H20 Chna")
    assert any(dict(button.values).get("destination") == "CN" for button in reply.cards[0].buttons)


async def test_a_family_asks_which_chip(desk, asking):
    said = words(await desk.typed(asking(), "Blackwell China"))
    assert "family of chips" in said


@pytest.mark.parametrize("path", ["info", "map", "timeline"])
async def test_no_list_is_sorted_by_what_is_permitted(desk, asking, path):
    """The order of destinations is the same for a chip that is free and one that is not."""
    orders = set()
    for chip in ("H20", "B200", "RTX 4090"):
        reply = await desk.answer(asking(), f"chip.{path}", {"chip": chip})
        table = reply.cards[0].table
        orders.add(tuple(row[0] for row in table.rows) if table else ())
    assert len(orders) == 1


async def test_the_days_of_stored_documents_stand_among_the_dates_ahead(desk, asking, store):
    entry = Dated(
        "fr:2026-1", Due.COMMENTS, date(2026, 11, 24), "register", "Guidance, reopened", "https://x.example/1"
    )
    await store.write(lambda conn: calendar.keep(conn, entry.document, "2026-1", [entry]))
    (card,) = (await desk.typed(asking("de"), "upcoming")).cards
    due = catalogue("de").text("upcoming.due.comments", title="Guidance, reopened")
    assert due in [row[2] for row in card.table.rows]
    assert due in words(await desk.typed(asking("de"), "pulse"))


async def test_every_command_of_everybody_answers(desk, asking, wire):
    from tests.pipeline.desk import news

    await wire.poll(news("1"))
    for line in ("info H20", "classify fp16=148,int8=296 die:814", "timeline H20 China", "map H200", "news",
                 "search nvidia",
                 "upcoming", "promises", "sources", "pulse", "help", "help classify", "story tightens"):  # fmt: skip
        for language in ("en", "de", "zh"):
            said = words(await desk.typed(asking(language), line))
            assert said.strip(), line
            assert "errors." not in said


@pytest.mark.parametrize(
    "line",
    ["H20 China", "info H20", "timeline H20", "map", "upcoming", "promises", "pulse", "classify ops:int8=296 die:814"],
)
async def test_beyond_forty_five_days_the_ledgers_age_is_read_first(desk, asking, services, line):
    said = [words(await desk.typed(asking(), line))]
    services.clock.set(NOW + timedelta(days=1))
    said.append(words(await desk.typed(asking(), line)))
    assert said[0].count("Ledger to 9 Oct 2026 (45 days old)") == 1
    assert said[1].count("The ledger ends on 9 Oct 2026, 46 days ago.") == 1
    assert "The ledger ends" in said[1].splitlines()[2]


async def test_what_was_read_stands_behind_the_age_of_an_old_ledger(desk, asking, services):
    services.clock.set(NOW + timedelta(days=30))
    lines = words(await desk.typed(asking(), "may an H20 go to China?")).splitlines()
    assert "The ledger ends on" in lines[2]
    assert "I read: " in lines[3]


async def test_events_that_find_no_room_are_counted(desk, asking, knowledge):
    said = words(await desk.answer(asking(), "chip.timeline", {"chip": "H20"}))
    number = len(knowledge.ledger.about(chip=("H20",), destination="CN"))
    assert number > 8
    assert f"and {number - 8} more" in said


@pytest.mark.parametrize(
    ("line", "through", "counts"),
    [
        ("can I ship an H200 via Malaysia to China?", "through Malaysia", "counts as exported to China"),
        ("H200 via Malaysia to China", "through Malaysia", "counts as exported to China"),
        ("may an H200 go to China through a Singapore reseller?", "through Singapore", "counts as exported to China"),
    ],
)
async def test_a_place_on_the_way_is_said_back_and_changes_nothing(desk, asking, line, through, counts):
    said = words(await desk.typed(asking(), line))
    assert through in said
    assert counts in said
    assert "15 CFR 734.13(c)" in said
    assert words(await desk.typed(asking(), "H200 China")).splitlines()[1].split(": ")[-1] in said


async def test_an_end_user_on_a_list_is_told_and_any_other_is_pointed_to_the_lists(desk, asking, store):
    firm = Party("EL", "Huawei Technologies", (), ("CN",), "All items", "Presumption of denial", ("1",))
    asked = {"chip": "H200", "destination": "TW", "end-user": "Huawei Technologies"}
    said = words(await desk.answer(asking(), "chip.status", asked))
    assert "15 CFR 744.11" in said
    assert "Entity List (" not in said
    await store.write(lambda conn: parties.put(conn, "entity-list", [firm], NOW))
    for language, listed in (("en", "is on Entity List"), ("de", "steht auf Entity List"), ("zh", "实体清单")):
        assert listed in words(await desk.answer(asking(language), "chip.status", asked))
    said = words(await desk.answer(asking(), "chip.status", asked | {"end-user": "Bäckerei Schmidt"}))
    assert "is on Entity List" not in said
    assert "15 CFR 744.11" in said
