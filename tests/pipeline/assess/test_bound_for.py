"""Where goods go: whatever country a text names as that is told, and none that acts, makes or is only mentioned."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.names import place_name, to_place
from bot.knowledge.countries import HOME
from bot.knowledge.vocabulary import vocabulary
from bot.locale.catalogue import catalogue
from bot.pipeline.assess import assess_text
from bot.pipeline.assess.evidence import read
from tests.liveness import lively

NAMES = tomllib.loads((files("bot.knowledge") / "data" / "countries.toml").read_text(encoding="utf-8"))["names"]
ABROAD = sorted(NAMES.keys() - HOME - {"CN"})
SAY = {language: catalogue(language) for language in ("en", "de", "zh")}
CHIPS = ("H20", "MI325X", "Gaudi 3", "GB200", "H200", "RTX PRO 6000", "A100", "Ascend 910B", "L40S", "RTX PRO 6000D")

ONE = {
    "en": (
        "US bans {chip} exports {to}",
        "US allows sale of Nvidia {chip} chips {to}",
        "Nvidia {chip} shipments {to} need US licence",
        "US blocks smuggling of {chip} {to} and raids broker",
        "US lets {name} buy {chip} chips",
        "US imposes export ban on {name} for {chip} chips",
    ),
    "de": (
        "USA verbieten Export von {chip} {to}",
        "Nvidia darf {chip} nicht mehr {to} liefern",
        "USA genehmigen {chip}-Lieferungen {to}",
        "USA verhängen Exportverbot für {chip} gegen {name}",
    ),
    "zh": (
        "美国禁止向{name}出口{chip}",
        "美国批准英伟达{chip}芯片出口到{name}",
        "美国对{name}实施{chip}出口限制",
        "美国允许{name}购买{chip}芯片",
        "{chip}芯片销往{name}须获美国许可",
    ),
}


def way(language: str, code: str) -> str:
    """The place behind its preposition: to Malaysia, in die Türkei."""
    to = to_place(SAY[language], code)
    bare = {"en": "to ", "de": "nach "}.get(language, "")
    return to if " " in to and to.split()[0] in ("to", "nach", "in", "auf") else bare + to


def told(form: str, chip: str, language: str, code: str) -> str:
    return form.format(chip=chip, to=way(language, code), name=place_name(SAY[language], code))


@pytest.mark.parametrize(("language", "form"), [(language, form) for language, forms in ONE.items() for form in forms])
def test_every_country_is_told_as_where_the_goods_go(language, form):
    chips = cycle(CHIPS)
    wrong = {}
    for code in ABROAD:
        chip = next(chips)
        found = assess_text(told(form, chip, language, code))
        if (found.destinations, found.chips) != ((code,), (chip,)):
            wrong[code] = (chip, found.destinations, found.chips)
    assert wrong == {}


@given(st.lists(st.sampled_from(ABROAD), min_size=2, max_size=4, unique=True), st.sampled_from(CHIPS), st.data())
@settings(max_examples=120, deadline=None)
def test_of_several_countries_all_are_told_and_china_is_not(codes, chip, data):
    language = data.draw(st.sampled_from(("en", "de", "zh")))
    say = SAY[language]
    if language == "zh":
        text = f"美国禁止向{'、'.join(place_name(say, code) for code in codes)}出口{chip}"
    else:
        names = [way(language, code) for code in codes]
        if language == "en":
            names = [names[0], *(name.removeprefix("to ") for name in names[1:])]
        text = (
            "US bans {} exports {} and {}" if language == "en" else "USA verbieten Exporte von {} {} und {}"
        ).format(chip, ", ".join(names[:-1]), names[-1])
    assert set(assess_text(text).destinations) == set(codes), text


LONG_LIST = (
    "USA verbieten Exporte von H20 nach Andorra, in die Demokratische Republik Kongo, in die Zentralafrikanische "
    "Republik, in die Mongolei und in die VAE"
)
GOES = [
    # lists, and what stands between
    ("US bans exports of H20 to Thailand, Singapore and Vietnam", "SG TH VN"),
    ("USA verbieten Export von MI325X-Chips in die Schweiz, nach Brasilien und in den Oman", "BR CH OM"),
    ("美国对阿曼、科威特和巴林实施H20出口禁令", "BH KW OM"),
    ("US bans H20 exports from the U.S. to Malaysia", "MY"),
    (LONG_LIST, "AD AE CD CF MN"),
    ("US lets Saudi Arabia and the UAE buy Nvidia GB300 chips", "AE SA"),
    ("US bans H20 exports to Malaysia, Thailand says it was not informed", "MY"),
    ("US plans AI chip curbs on Malaysia, Thailand over China concerns", "CN MY TH"),
    # who buys, who is barred
    ("Pakistan barred from buying Nvidia H20 chips", "PK"),
    ("US denies Armenia access to Nvidia H200", "AM"),
    ("US blocks sale of Nvidia chips to customers in Mexico", "MX"),
    ("US to ban H20 exports to Malaysian firms", "MY"),
    ("US approves Nvidia chip sales to Saudi Arabia's Humain", "SA"),
    ("Nvidia H200 for Brazil needs licence, US says", "BR"),
    ("US authorizes chip exports to G42 and Humain", "AE SA"),
    ("US charges brothers with shipping Nvidia chips to China via Malaysia, Japan", "CN JP MY"),
    ("US halts Nvidia GB200 shipments bound for Jordan", "JO"),
    ("USA verbieten Malaysia den Kauf von Nvidia H20", "MY"),
    ("USA: H20 darf nicht nach Kasachstan exportiert werden", "KZ"),
    ("印度禁止进口英伟达H20芯片", "IN"),
    ("India bans imports of Nvidia H20 chips", "IN"),
    # transit
    ("US moves to block Nvidia H20 chips to Russia via Kazakhstan", "KZ RU"),
    ("Three charged with smuggling Nvidia H100 chips to Russia through Turkey", "RU TR"),
    ("英伟达H20芯片经亚美尼亚运往俄罗斯被查获", "AM RU"),
    # China beside others, acting or aimed at
    ("US bans H20 exports to Malaysia to stop diversion to China", "CN MY"),
    ("China urges US to lift ban on H20 exports to Malaysia", "MY"),
    # an exporter that is not the United States
    ("Netherlands halts ASML DUV exports to Russia", "RU"),
    ("Korea bans HBM exports to Vietnam", "VN"),
    ("US ends ban on H20 exports to UK", "GB"),
    # names inside names, written large, meaning a person or a state of the US elsewhere
    ("US restricts Nvidia H200 exports to Equatorial Guinea", "GQ"),
    ("US restricts Nvidia H200 exports to South Sudan and Niger", "NE SS"),
    ("US restricts Nvidia H200 exports to North Korea", "KP"),
    ("US RESTRICTS NVIDIA H200 EXPORTS TO OMAN AND CHAD", "OM TD"),
    ("US bans shipments of Gaudi 3 to Georgia", "GE"),
    ("美国禁止向印度尼西亚出口H20", "ID"),
    ("美国禁止向中非共和国出口H20", "CF"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "codes"), GOES)
def test_the_places_that_the_grammar_names_are_the_destinations(title, codes):
    assert " ".join(assess_text(title).destinations) == codes


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        # they act, or nothing but the world is meant
        ("Malaysia requires permits for exports of US chips", ""),
        ("Malaysia requires permits for exports of Nvidia H200 chips", ""),
        ("Vietnam requires permits for exports of Nvidia H200 chips", ""),
        ("Poland asks US to lift AI chip export limits", ""),
        ("Schweiz kritisiert US-Exportbeschränkungen für KI-Chips", ""),
        ("US eases AI chip exports to Middle East", ""),
        ("美国放宽对中东芯片出口限制", ""),
        ("USA lockern Chip-Exporte in die Golfstaaten", ""),
        ("US weighs AI chip export curbs on Southeast Asia", ""),
        ("US bans Nvidia H20 exports to the European Union", ""),
        # they make, host, speak or are only mentioned: China is what such texts mean
        ("TSMC's fab in Germany loses US export licence for AI chips", "CN"),
        ("TSMC moves AI chip packaging to Germany as US curbs exports", "CN"),
        ("US bans Nvidia H20 exports, says official on trip to Malaysia", "CN"),
        ("US curbs Nvidia chip exports subject to Dutch rules", "CN"),
        ("US bans H20 exports to China, says official in Germany", "CN"),
        ("USA verbieten H20-Exporte nach Malaysias Angaben", "CN"),
        ("USA verbieten H20-Exporte nach Deutschland-Reise des Ministers", "CN"),
        ("Nvidia to pay 15% of H20 sales to US government", "CN"),
        ("美国商务部就越南非法转售英伟达H20芯片加强出口管制", "CN"),
        ("美国参议员参加纳斯达克活动后要求禁止H20出口", "CN"),
        # persons, states of the US, other places
        ("Jim Jordan urges ban on H20 exports to China", "CN"),
        ("Georgia senator seeks ban on Nvidia H20 exports to China", "CN"),
        ("US curbs Nvidia chip exports to New Mexico lab", "CN"),
        ("Nvidia H20 export curbs: New Jersey congressman writes to Commerce", "CN"),
    ],
)
def test_who_acts_makes_or_is_only_mentioned_is_no_destination(title, codes):
    assert " ".join(assess_text(title).destinations) == codes


def test_what_is_at_stake_is_weighed_by_the_place_that_is_named():
    title = "US requires licence for Nvidia H200 chip exports to {}"
    at = {place: assess_text(title.format(place)).severity.value for place in ("China", "Malaysia", "Pakistan")}
    assert at == {"China": "critical", "Malaysia": "high", "Pakistan": "high"}


def test_only_a_state_that_acts_makes_a_measure():
    """Who is only named as where the goods go has taken none, and no card may say that it has."""
    for title in ("China urges US to lift ban on H20 exports to Malaysia", "中国敦促美国解除对马来西亚的H20出口禁令"):
        assert assess_text(title).kind.value != "foreign_measure"
    assert assess_text("Malaysia requires permits for exports of Nvidia H200 chips").origin == ("MY", "US")


def test_a_place_that_is_named_leads_back_to_its_words():
    title = "US bans H20 exports to Jordan and Oman"
    words = {reason.text for reason in assess_text(title).reasons if reason.label == "destinations"}
    assert words == {"Jordan", "Oman"}


@pytest.mark.parametrize(
    "piece", ["to Malaysia and ", "exports ", "Oman, ", "in den ", "对", "向阿曼、", "the republic of ", "to ", "buy "]
)
def test_no_text_takes_long(piece):
    """A bound on liveness: a text as long as is read takes some milliseconds."""
    with lively(0.2):
        assess_text(f"US bans H20 exports {piece * 60}", piece * 1600)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Dutch and Japanese tool makers exempt from new US chip export rule to China", None),
        ("Japanese chip equipment makers fear US export curbs to China", None),
        ("South Korean suppliers need a licence for HBM exports to China", None),
        ("Japanische Hersteller von US-Exportregeln für Chips ausgenommen", None),
        ("Chinese AI chip stocks fall after US adds firms to the Entity List", None),
        ("日本制造商担心美国对华出口限制", None),
        ("Japan restricts exports of chip equipment to China", "JP"),
        ("Dutch government restricts ASML exports to China", "NL"),
        ("Chinas Behörden verbieten Kauf von H20", "CN"),
    ],
)
def test_a_state_does_not_act_where_its_makers_do(text: str, subject: str | None) -> None:
    found = read(text, "", vocabulary()).subject
    assert found == subject or (subject is None and found in ("US", "company"))
