"""Listed parties are found by any spelling, quickly, and a change is seen at once."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.knowledge.names import core, folded, name_key, spoken
from bot.model import Party
from bot.store import parties
from bot.store.engine import Store
from bot.store.party_search import Index

AT = datetime(2026, 1, 1, tzinfo=UTC)
ROOM = 10
LISTED = (
    Party("EL", "Inspur (Beijing) Electronic Information Industry Co., Ltd.", ("Langchao Beijing",), ("CN",)),
    Party("EL", "Huawei Technologies Co., Ltd.", ("Huawei",), ("CN",), notice="84 FR 22963", since="2019-05-21"),
    Party("EL", "Anastasya Arkhipova", ("Anastasiya Arkhipova",), ("RU",)),
    Party("UVL", "北京示例科技有限公司", ("Beijing Shili Technology Co., Ltd.",), ("CN",)),
    Party("DPL", "Test Privat Limited", (), ("IN",)),
    Party("EL", "Khalid Trading FZE", (), ("AE",)),
)


@pytest.fixture
async def listed(store: Store) -> Store:
    await store.write(lambda conn: parties.put(conn, "list", LISTED, AT))
    return store


async def find(store: Store, name: str, limit: int = 3) -> list[tuple[str, float, tuple[str, ...]]]:
    found = await store.read(lambda conn: parties.find(conn, name, limit))
    return [(match.party.name, match.score, match.why) for match in found]


@pytest.mark.parametrize(
    ("asked", "name", "why"),
    [
        ("Huawei Technologies Co., Ltd.", "Huawei Technologies Co., Ltd.", "same"),
        ("HUAWEI TECHNOLOGIES", "Huawei Technologies Co., Ltd.", "same"),
        ("Huawie Technologies", "Huawei Technologies Co., Ltd.", "near"),
        ("华为", "Huawei Technologies Co., Ltd.", "known_as"),
        ("華為技術", "Huawei Technologies Co., Ltd.", "known_as"),
        ("langchao, beijing", "Inspur (Beijing) Electronic Information Industry Co., Ltd.", "alias"),
        ("beijing inspur", "Inspur (Beijing) Electronic Information Industry Co., Ltd.", "words"),
        ("Anastasija Arhipova", "Anastasya Arkhipova", "alias"),
        ("Анастасия Архипова", "Anastasya Arkhipova", "alias"),
        ("北京示例科技", "北京示例科技有限公司", "same"),
        ("北京示例科支有限公司", "北京示例科技有限公司", "near"),
        ("Beijing Shili Keji", "北京示例科技有限公司", "sound"),
        ("Test Private Limited", "Test Privat Limited", "near"),
        ("Halid Trading", "Khalid Trading FZE", "near"),
    ],
)
async def test_a_party_is_found_by(listed: Store, asked: str, name: str, why: str) -> None:
    first = (await find(listed, asked))[0]
    assert first[0] == name
    assert why in first[2]
    assert 0.7 < first[1] <= 1


@pytest.mark.parametrize(
    "asked", ["Nvidia", "Potato Salad", "", "  ", "?!", "x" * 5000, "𝕏" * 400, "\u202e\x00", "Ltd"]
)
async def test_a_strange_name_finds_nobody_and_breaks_nothing(listed: Store, asked: str) -> None:
    assert await find(listed, asked) == []


async def test_a_match_carries_the_whole_party(listed: Store) -> None:
    (match,) = await listed.read(lambda conn: parties.find(conn, "Huawei Technologies", 1))
    assert match.party == LISTED[1]


async def test_who_came_or_went_is_found_or_not_at_once(listed: Store) -> None:
    new = Party("EL", "Brand New Computing", countries=("CN",))
    assert await find(listed, "Brand New Computing") == []
    await listed.write(lambda conn: parties.put(conn, "list", [new], AT))
    assert [row[0] for row in await find(listed, "Brand New Computing")] == [new.name]
    await listed.write(lambda conn: parties.take(conn, "list", [new]))
    assert await find(listed, "Brand New Computing") == []


async def test_storing_a_party_again_replaces_it(listed: Store) -> None:
    await listed.write(lambda conn: parties.put(conn, "list", [Party("EL", "HUAWEI TECHNOLOGIES  CO., LTD.")], AT))
    assert await listed.read(parties.count) == len(LISTED)
    assert await listed.read(lambda conn: parties.sizes(conn, "list")) == {"EL": 4, "UVL": 1, "DPL": 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Khalid", "Halid"), ("Aleksandr", "Alexandr"), ("Yusuf", "Iusuf"), ("Shchukin", "Shukin"),
        ("Mohammed", "Mohamed"), ("Huawei", "Khuavei"), ("Zhukov", "Jukov"), ("Ghazni", "Gazni"),
    ],
)  # fmt: skip
def test_two_transcriptions_sound_alike(one: str, other: str) -> None:
    assert spoken(one) == spoken(other)


def test_names_are_folded_and_lose_their_legal_form() -> None:
    assert name_key("  ＡＣＭＥ   Ltd ") == "acme ltd"
    assert folded("Électronique d'État, S.A.R.L.") == "electronique detat s a r l"
    assert core("Acme Trading Co., Ltd.") == "acme"
    assert core("Trading Company Limited") == "trading company limited"
    assert core("華為技術有限公司") == core("华为技术有限公司") == "华为技术"


def slipped(name: str, chance: random.Random) -> str:
    """The name with one letter changed, left out or put in."""
    at = chance.choice([place for place, letter in enumerate(name) if letter.isalpha()])
    letter, kind = chance.choice("abcdefghijklmnopqrstuvwxyz"), chance.randrange(3)
    return name[:at] + ("" if kind == 1 else letter) + name[at + (kind != 2) :]


@pytest.fixture(scope="session")
def everybody(shared: Path) -> list[tuple[tuple[str, str, str], tuple[str, ...]]]:
    """The 25,921 parties of the consolidated list of July 2026 with their aliases."""
    page = json.loads((shared / "recordings/bodies-by-kind/csl/csl_normalised_2026-07-31_seelpeed.json").read_text())
    labels = page["tables"]["sources"]
    return [
        (("csl", labels[entry["s"]], str(number)), (entry["n"], *(entry.get("a") or ())))
        for number, entry in enumerate(page["entries"])
    ]


def test_five_hundred_real_entries_are_found_by_every_alias_and_by_a_slip(everybody) -> None:
    index, chance = Index(everybody), random.Random(8)
    bureau = [entry for entry in everybody if entry[0][1].startswith(("Entity", "Military", "Unverified", "Denied"))]
    index.find("nobody of this name at all")  # what is built at the first miss
    missed, times = [], []
    for place, names in chance.sample(bureau, 500):
        for asked in (*names, slipped(names[0], chance)):
            began = time.process_time()
            found = index.find(asked, 10)
            times.append(time.process_time() - began)
            if place not in [match.place for match in found]:
                missed.append((asked, names[0]))
    assert missed == []
    assert sorted(times)[len(times) // 2] < 0.02 * ROOM
