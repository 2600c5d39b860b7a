"""Typed lines and free questions, as people write them."""

from datetime import timedelta

import pytest

from bot.commands.question import read
from bot.commands.words import typed_command
from bot.errors import UserError
from tests.commands.conftest import NOW

ALL = ("chip", "chipwatch", "chipwatch-admin")


@pytest.mark.parametrize(
    ("line", "path", "arguments"),
    [
        ("status H200 Malaysia", "chip.status", {"chip": "H200", "destination": "MY"}),
        ("H200 Malaysia", "chip.status", {"chip": "H200", "destination": "MY"}),
        ("Malaysia H200", "chip.status", {"chip": "H200", "destination": "MY"}),
        ("H20 China status", "chip.status", {"chip": "H20", "destination": "CN"}),
        ("H200 to Malaysia on 1 May 2025", "chip.status", {"chip": "H200", "destination": "MY", "date": "2025-05-01"}),
        ("h20 china 2025-05-20", "chip.status", {"chip": "h20", "destination": "CN", "date": "2025-05-20"}),
        ("H20 nach China am 1. Mai 2025", "chip.status", {"chip": "H20", "destination": "CN", "date": "2025-05-01"}),
        ("状态 H20 中国", "chip.status", {"chip": "H20", "destination": "CN"}),
        ("H20 中国 2025年5月1日", "chip.status", {"chip": "H20", "destination": "CN", "date": "2025-05-01"}),
        ("Stand H20 Niederlande gestern", "chip.status", {"chip": "H20", "destination": "NL", "date": "2026-11-22"}),
        ("status H20 CN known-on:2025-05-20 date:2025-05-20", "chip.status",
         {"chip": "H20", "destination": "CN", "date": "2025-05-20", "known-on": "2025-05-20"}),
        ("H200 Singapore buyer:China", "chip.status", {"chip": "H200", "destination": "SG", "buyer": "China"}),
        ("H200 SG käufer:China von:Deutschland", "chip.status",
         {"chip": "H200", "destination": "SG", "buyer": "China", "from": "Deutschland"}),
        ('"RTX PRO 6000D" to "Hong Kong"', "chip.status", {"chip": "RTX PRO 6000D", "destination": "HK"}),
        ("H200 MY end-user:\"Acme Data Sdn Bhd\"", "chip.status",
         {"chip": "H200", "destination": "MY", "end-user": "Acme Data Sdn Bhd"}),
        ("H2O China", "chip.status", {"chip": "H2O", "destination": "CN"}),
        ("H200", "chip.ask", {"question": "H200"}),
        ("DGX H100 UAE", "chip.status", {"chip": "DGX H100", "destination": "AE"}),
        ("", "chip.help", {}),
        ("hilfe", "chip.help", {}),
        ("help status", "chip.help", {"topic": "status"}),
        ("can I ship an H20 to China?", "chip.ask", {"question": "can I ship an H20 to China?"}),
        ("能否把H20卖到中国", "chip.ask", {"question": "能否把H20卖到中国"}),
        ("frage darf H20 nach China", "chip.ask", {"question": "darf H20 nach China"}),
    ],
)  # fmt: skip
def test_a_line_is_understood(asking, line, path, arguments):
    typed = typed_command(asking(), line, ALL)
    assert (typed.path, typed.arguments) == (path, arguments)


def test_a_verb_that_does_not_exist_shows_the_nearest(asking):
    with pytest.raises(UserError) as raised:
        typed_command(asking(), "statsu", ALL)
    assert raised.value.values["suggestion"] == "status"


@pytest.mark.parametrize(
    ("question", "chips", "places", "buyer", "origin"),
    [
        ("can I ship an H200 to a Chinese-owned company in Singapore?", ("H200",), ("SG",), "CN", None),
        (
            "Darf ein H200 an eine Firma mit chinesischer Konzernmutter in Singapur gehen?",
            ("H200",),
            ("SG",),
            "CN",
            None,
        ),
        ("Darf ich H20s aus Deutschland nach Malaysia liefern?", ("H20",), ("MY",), None, "DE"),
        ("能否把H200卖给中资企业在新加坡的子公司？", ("H200",), ("SG",), "CN", None),
        ("从德国出口H200到马来西亚可以吗", ("H200",), ("MY",), None, "DE"),
        ("may we sell B200 and H20 to a Chinese company", ("B200", "H20"), ("CN",), "CN", None),
        ("H200 for a Malaysian customer owned by China", ("H200",), ("MY",), "CN", None),
        ("Is the AI chip MI308X OK for the UAE?", ("MI308X",), ("AE",), None, None),
        ("H200 to Malaysia via Singapore", ("H200",), ("MY",), None, None),
        ("AI IS BIG AND H20 TO CHINA IS NO GO", ("H20",), ("CN",), None, None),
        ("what is new in export control", (), (), None, None),
    ],
)
def test_a_question_is_read(knowledge, question, chips, places, buyer, origin):
    found = read(question, knowledge.naming, NOW.date())
    assert not found.route
    assert (found.chips, found.destinations, found.buyer, found.origin) == (chips, places, buyer, origin)


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("could an H20 go to China yesterday?", -1),
        ("darf ich morgen früh, also am 25. November 2026, H20 liefern?", 2),
        ("Guten Morgen, darf ein H20 nach China?", None),
        ("明日 能否 把H20卖到中国", 1),
        ("may an H20 go to China now, or tomorrow?", 1),
        ("may an H20 go to China today?", None),
    ],
)
def test_a_day_is_read_off_a_question_where_it_is_another_than_today(knowledge, question, days):
    named = read(question, knowledge.naming, NOW.date()).day
    assert named == (None if days is None else NOW.date() + timedelta(days=days))


@pytest.mark.parametrize(
    "question",
    [
        "through which country can I get an H200 to China?",
        "How can we get around the licence for B200?",
        "Über welches Land kommt ein H200 nach China?",
        "Wie kann man die Regeln umgehen?",
        "H200经哪个国家可以到中国",
        "如何绕过出口管制买到B200",
    ],
)
def test_questions_for_a_way_around_are_recognised(knowledge, question):
    assert read(question, knowledge.naming, NOW.date()).route
