"""Which way an act goes once the other words of its clause are read: a ban is never told as an easing, nor an easing as
a ban."""

from __future__ import annotations

import pytest

from bot.knowledge.vocabulary import vocabulary
from bot.pipeline.assess import assess_text
from bot.pipeline.assess.evidence import read
from tests.liveness import lively

FORBIDS = [
    # a permission that is denied or ends
    "Vietnam may no longer buy Nvidia H200 chips from the United States",
    "Nvidia is no longer allowed to ship H20 to Chinese customers",
    "Singapore not permitted to re-export B200 servers to China, US says",
    "Commerce will not grant licences for Blackwell B30A sales to China",
    "US denies licences for AMD MI308 exports to China",
    "Washington stops issuing licences for H20 exports to China",
    "Commerce revokes permission for Nvidia to sell H20 in China",
    "Qatar loses permission to buy Nvidia GB300 servers",
    "Malaysia darf H20 nicht mehr kaufen",
    "AMD darf keine MI308 mehr nach China verkaufen",
    "Vietnam darf künftig keine H100-Chips von Nvidia mehr beziehen",
    "Kein Export von H200 nach China mehr erlaubt",
    "USA lassen Export von H200 nach China nicht länger zu",
    "USA erteilen keine Lizenzen mehr für H20-Exporte nach China",
    "Nvidia bekommt keine Genehmigung für Verkauf von B30A nach China",
    "Ohne Lizenz kein Export von B200 nach Malaysia mehr",
    "美国不再允许英伟达向中国出售H20芯片",
    "英伟达未获准向中国出售B30A芯片",
    "荷兰不允许向中国销售H200芯片",
    "美国停止发放H20对华出口许可证",
    "美国商务部拒绝向英伟达发放B30A对华出口许可",
    "美国撤销英伟达对华销售H20的许可",
    # a licence that is demanded
    "Export of MI325X to the United Arab Emirates now requires a licence",
    "A licence is required for all H100 shipments to Saudi Arabia, Commerce says",
    "Kenya must seek US approval before importing B200 chips",
    "Ausfuhr von MI325X nach Saudi-Arabien künftig genehmigungspflichtig",
    "H20-Ausfuhr wieder genehmigungspflichtig",
    "Nvidia braucht für H20-Lieferungen nach China eine Lizenz",
    "USA verlangen Genehmigung für Ausfuhr von MI308 nach China",
    "德国对华出口H20需许可",
    "向沙特出口MI325X须经美国商务部许可",
    "英伟达H100出口阿联酋将受许可证管制",
    # a ban that stands, returns, or is only the cause of what ends
    "US will not lift ban on H20 exports to China",
    "US resumes ban on MI308 exports to China",
    "Nvidia stops H20 output over China ban",
    "US ban ends Nvidia's H20 business in China",
    "Nvidia cancels H20 orders on US ban",
    "H20 no longer sold in China under US export ban",
    "USA heben Verbot von H20-Exporten nach China nicht auf",
    "Nvidia verliert Milliarden durch Verbot von H20-Exporten",
    "美国不会取消H20出口禁令",
    "美国恢复对H20的出口禁令",
    "英伟达因禁令取消H20订单",
]
EASES = [
    # a demand that is denied or ends
    "Exports of MI300X to Switzerland no longer need a licence",
    "Licence no longer required for H100 exports to Poland",
    "India no longer has to apply for a licence to buy H200",
    "US waives licence requirement for H200 shipments to India",
    "Israel exempted from licence requirement for Nvidia GB200",
    "Für H100-Exporte nach Polen ist keine Lizenz mehr nötig",
    "Ausfuhr von H200 nach Indien nicht mehr genehmigungspflichtig",
    "Katar braucht für Nvidia GB300 keine Ausfuhrgenehmigung mehr",
    "USA verzichten auf Genehmigungspflicht für MI300X nach Indien",
    "向波兰出口H100无需许可证",
    "对印度出口H200不再需要许可",
    "美国取消对瑞士出口AI芯片的许可要求",
    "美国不再要求英伟达对印度出口H200申请许可",
    # a ban that ends
    "Turkey lifts ban on exports of H20",
    "Netherlands ends ban on sale of Nvidia H20 to China",
    "Ban on H200 sales to China no longer applies",
    "Commerce Department pulls the plug on H20 export restrictions",
    "USA heben Verbot von H20-Exporten nach China auf",
    "巴西撤销对英伟达H100的进口禁令",
    # a permission that stands
    "Saudi Arabia can now buy Nvidia GB300 without a licence",
    "Nvidia darf H20 wieder nach China liefern",
    "Genehmigung erteilt: AMD darf MI308 nach China verkaufen",
    "AMD获许可向中国出口MI308芯片",
    "阿联酋获批购买英伟达GB300芯片",
]


@pytest.mark.parametrize("title", FORBIDS)
def test_what_forbids_is_told_as_no_permission(title: str) -> None:
    found = assess_text(title)
    assert found.direction.value == "restricts"
    assert found.kind.value != "licence_granted"


@pytest.mark.parametrize("title", EASES)
def test_what_eases_is_told_as_no_demand(title: str) -> None:
    found = assess_text(title)
    assert found.direction.value == "relaxes"
    assert found.kind.value != "licence_requirement"


@pytest.mark.parametrize(
    "title",
    [
        "Nvidia says not yet granted licence for H20",
        "英伟达尚未获得H20对华出口许可",
        "Nvidia hat noch keine Lizenz für H20 erhalten",
    ],
)
def test_what_has_not_come_yet_goes_neither_way(title: str) -> None:
    assert assess_text(title).direction.value == "none"


def acts(text: str) -> set[str]:
    """The acts that a title tells."""
    told = {"ban", "allow", "relax", "rescind", "require_licence", "issue_licence", "resume"}
    return {concept.removeprefix("terms.") for concept in read(text, "", vocabulary()).title} & told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        # words that only look like a negation or a demand
        ("Nvidia darf H20 nicht nur nach Indien liefern", {"allow"}),
        ("美国未来允许向中国出口H20", {"allow"}),
        ("H20需求旺盛 美国批准出口", {"allow"}),
        ("US approves high-end chips for China", {"allow"}),
        # each clause for itself
        ("Nvidia may sell H20, but exports of H200 no longer permitted", {"allow", "ban"}),
        ("US bans H20 and eases its stance on Huawei", {"ban", "relax"}),
        ("U.S. no longer requires U.S. licence for H20", {"relax"}),
        # an approval that is halted is none, and neither is a ban one that is over
        ("US halts approvals of H20 exports", {"ban"}),
        ("US lifts ban on H20, bans B30A", {"relax", "ban"}),
        ("US lifts ban on H20", {"relax"}),
    ],
)
def test_the_acts_of_a_clause_are_those_that_it_tells(title: str, told: set[str]) -> None:
    assert acts(title) == told


def test_a_reason_shows_the_word_that_turned_and_the_word_it_turned() -> None:
    reasons = assess_text("Malaysia darf H20 nicht mehr kaufen").reasons
    assert "darf H20 nicht mehr" in {reason.text for reason in reasons if reason.label == "direction"}


def test_no_phrase_of_the_title_is_turned_by_the_lead() -> None:
    """The lead begins a new clause, with or without a full stop."""
    found = read("US allows H20 exports", "no longer will they be banned", vocabulary())
    assert "terms.allow" in found.title


THIRD = [
    ("Turkey bans exports of H20", "TR US", ""),
    ("Turkey bans sale of US chips", "US", "TR"),
    ("Kazakhstan bans sale of Nvidia chips", "US", "KZ"),
    ("Brazil bans Nvidia H20", "US", "BR"),
    ("Poland blocks H100 shipments to Belarus", "PL US", "BY"),
    ("Türkei verbietet Verkauf von US-Chips", "US", "TR"),
    ("Türkei verbietet Weiterverkauf von Nvidia H20", "US", "TR"),
    ("土耳其禁止销售美国芯片", "US", "TR"),
    ("哈萨克斯坦禁止转售H100", "US", "KZ"),
]


@pytest.mark.parametrize(("title", "origin", "destinations"), THIRD)
def test_a_third_state_that_forbids_has_acted_whatever_it_forbids(title: str, origin: str, destinations: str) -> None:
    found = assess_text(title)
    assert (found.relevant, found.kind.value, found.direction.value) == (True, "foreign_measure", "restricts")
    assert (" ".join(found.origin), " ".join(found.destinations)) == (origin, destinations)


@pytest.mark.parametrize(
    "piece",
    ["no longer allowed ", "lifts ban ", "nicht mehr darf ", "不再需许可", "keine Lizenz mehr ", "ban licence "],
)
def test_no_clause_takes_long(piece: str) -> None:
    """A bound on liveness: one clause as long as is read takes some milliseconds."""
    with lively(0.5):
        assess_text(piece * 60, piece * 300)


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        ("BIS removes Moore Threads from the Entity List", "relaxes"),
        ("Commerce takes Zhaoxin off the Entity List", "relaxes"),
        ("USA nehmen Hygon von der Entity List", "relaxes"),
        ("美国将寒武纪移出实体清单", "relaxes"),
        ("US to remove Inspur from Entity List", "relaxes"),
        ("BIS adds two Chinese chipmakers to Entity List and removes one", "restricts"),
        ("BIS adds Moore Threads to the Entity List", "restricts"),
    ],
)
def test_a_name_that_is_taken_off_a_list_is_eased(title: str, direction: str) -> None:
    found = assess_text(title)
    assert (found.kind.value, found.direction.value) == ("entity_list", direction)


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("AMD says Washington will grant licences for MI308 sales to China", "promised"),
        ("US will soon issue licences for H20 exports to China", "promised"),
        ("US to issue licences for MI308 exports to China", "promised"),
        ("USA werden Lizenzen für H20 erteilen", "promised"),
        ("美国将发放MI308对华出口许可", "promised"),
        ("AMD, which will pay 15%, says US has granted licences for MI308", "issued"),
        ("US grants licences to sell MI308 to China", "issued"),
        ("Washington erteilt erste Genehmigungen für MI308", "issued"),
        ("美国已发放MI308对华出口许可", "issued"),
    ],
)
def test_a_licence_that_will_be_granted_is_promised_and_none_is_issued(title: str, stage: str) -> None:
    assert assess_text(title).stage == stage
