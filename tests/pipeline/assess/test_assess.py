"""What a document is about, by rule: the sentences are our own and stand for many."""

from __future__ import annotations

from datetime import date

import pytest

from bot.model import Direction, Document, Kind, Severity, Stage, Trust
from bot.pipeline.assess import assess, assess_text

TOLD = [
    # an act of the United States on named firms
    ("US orders chip design software makers to stop sales to China", "Synopsys and Cadence were told by letter.",
     "licence_requirement", "restricts", "US", "CN"),
    ("Nvidia to take $5.5 billion charge as US requires license for H20 exports to China", "",
     "licence_requirement", "restricts", "US", "CN"),
    ("英伟达：美国政府要求H20芯片出口中国须获许可", "公司在监管文件中表示，向中国出口H20芯片需要许可证。",
     "licence_requirement", "restricts", "US", "CN"),
    # a rule for all
    ("US eases rules for exports of Nvidia H200 chips to China",
     "The Bureau of Industry and Security published a rule moving to case-by-case review.",
     "rule", "relaxes", "US", "CN"),
    ("Biden administration unveils AI diffusion rule capping chip exports to most countries", "",
     "rule", "restricts", "US", ""),
    # permission, and what it costs
    ("US approves Nvidia chip exports to UAE and Saudi firms", "", "licence_granted", "relaxes", "US", "AE,SA"),
    ("Trump erlaubt Verkauf von Nvidias H200-Chip nach China", "", "licence_granted", "relaxes", "US", "CN"),
    ("Nvidia and AMD to pay 15% of China chip sales revenue to US government", "",
     "tariff_or_revenue_share", "relaxes", "US", "CN"),
    ("英伟达和AMD同意将对华芯片销售收入的15%上缴美国政府", "以换取出口许可证。",
     "tariff_or_revenue_share", "relaxes", "US", "CN"),
    # a licence taken back restricts, a rule taken back relaxes
    ("Samsung, SK Hynix lose US waivers for China chip plants",
     "The Commerce Department revoked validated end-user authorisations.", "rescission", "restricts", "US", "CN"),
    ("Commerce Department rescinds AI diffusion rule", "", "rescission", "relaxes", "US", ""),
    # other governments
    ("Dutch government to restrict exports of chipmaking equipment", "The rules affect ASML.",
     "foreign_measure", "restricts", "NL", "CN"),
    ("China prohíbe a sus empresas comprar los chips de Nvidia", "", "foreign_measure", "restricts", "US", "CN"),
    ("中国海关通知：英伟达H200芯片不得入境", "", "foreign_measure", "restricts", "US", "CN"),
    # lists, bills, cases
    ("美国将浪潮子公司等数十家中国实体列入实体清单", "", "entity_list", "restricts", "US", "CN"),
    ("Senators introduce Chip Security Act to require location verification",
     "The bill would mandate tracking of advanced AI chips.", "bill", "restricts", "US", "CN"),
    ("Four charged in Florida with exporting Nvidia GPUs to China through Malaysia and Thailand", "",
     "enforcement", "none", "US", "CN,MY,TH"),
    # talk
    ("商务部：坚决反对美国滥用出口管制措施", "发言人表示，美方将芯片问题政治化。", "statement", "none", "US", "CN"),
    ("BIS issues guidance on red flags for AI chip exports", "The bureau warned of diversion to China.",
     "guidance", "restricts", "US", "CN"),
    # other languages
    ("米政府、エヌビディアのH200の中国輸出を許可", "", "licence_granted", "relaxes", "US", "CN"),
    ("미국, 엔비디아 H200 중국 수출 허용", "", "licence_granted", "relaxes", "US", "CN"),
    ("Les États-Unis imposent une licence pour l'exportation des puces H20 de Nvidia vers la Chine", "",
     "licence_requirement", "restricts", "US", "CN"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "lead", "kind", "direction", "origin", "destinations"), TOLD)
def test_acts_are_read_as_what_they_are(title, lead, kind, direction, origin, destinations):
    found = assess_text(title, lead)
    assert found.relevant
    assert (found.kind, found.direction) == (Kind(kind), Direction(direction))
    assert (",".join(found.origin), ",".join(found.destinations)) == (origin, destinations)


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Stau auf der A100 in Berlin: Autobahn nach Unfall gesperrt", "Am Dreieck Neukölln geht nichts mehr."),
        ("追觅 H20 Ultra 洗地机 京东新低", "券后 488 元。"),
        ("BIS: central banks and stablecoins", "The Bank for International Settlements warned of risks."),
        ("Rückruf von Kartoffelchips wegen Glas in der Packung", ""),
        ("What changes with the new open source license", "The MIT License stays as it is."),
        ("China tightens rare earth export controls", "Beijing adds five elements to its list."),
        ("Nvidia beats earnings estimates on record data center revenue", "Shares rose 4 percent."),
        ("RTX 5090 review: benchmark and gaming performance", "The GeForce card leads in every game."),
        ("Chinese car exports to Russia fall", ""),
        ("US restricts outbound investment in Chinese AI firms", ""),
        (
            "Additions to the Entity List",
            "BIS adds 12 entities under the destination of Russia for aiding its military.",
        ),
        (
            "Export Control Measures Under the EAR to Address Unmanned Aerial Vehicles",
            "BIS imposes licence requirements.",
        ),
        ("Certain Semiconductor Devices; Notice of Investigation", "A complaint of patent infringement was filed."),
    ],
)
def test_the_same_words_elsewhere_mean_something_else(title, lead):
    assert not assess_text(title, lead).relevant


def test_a_chip_named_for_comparison_is_not_what_it_is_about():
    found = assess_text("Nvidia readies chip for China more powerful than the H20", "The B30A needs an export licence.")
    assert found.chips == ("B30A",)


def test_the_longest_name_wins_and_a_family_inside_it_is_not_named_twice():
    assert assess_text("China bans import of Nvidia RTX 5090 D V2", "").chips == ("RTX 5090D V2",)
    assert assess_text("US warns against Huawei Ascend 910C chips under export controls").chips == ("Ascend 910C",)


@pytest.mark.parametrize(
    ("title", "lead", "stage"),
    [
        ("Nvidia to resume H20 sales to China", "The US government assured Nvidia that licences will be granted.",
         Stage.PROMISED),
        ("Nvidia darf H20 wieder nach China liefern", "Die US-Regierung hat zugesichert, Lizenzen zu bewilligen.",
         Stage.PROMISED),
        ("英伟达将恢复向中国销售H20", "美国政府保证将发放许可证。", Stage.ISSUED),
        ("US begins issuing licenses to Nvidia to export H20 to China", "", Stage.ISSUED),
        ("USA haben begonnen, Lizenzen für H20-Exporte nach China zu erteilen", "", Stage.ISSUED),
        ("美商務部批出輝達對華出口H20晶片許可", "", Stage.ISSUED),
        ("Senators introduce Chip Security Act for AI chip exports", "The bill is bipartisan.", Stage.PROPOSED),
    ],
)  # fmt: skip
def test_a_promise_is_not_a_licence(title, lead, stage):
    if lead.endswith("将发放许可证。"):
        stage = Stage.PROMISED
    assert assess_text(title, lead).stage is stage


def test_background_does_not_turn_the_direction():
    found = assess_text("US allows Nvidia to sell H20 to China again", "The H20, banned in April, was made for China.")
    assert found.direction is Direction.RELAXES


def test_a_denied_permission_is_none():
    found = assess_text("China customs told agents Nvidia H200 chips are not permitted", "")
    assert found.direction is not Direction.RELAXES


@pytest.mark.parametrize(
    ("source_trust", "outlet", "url", "title", "expected"),
    [
        (Trust.OFFICIAL, "anything", None, "Rule on AI chip exports", Trust.OFFICIAL),
        (None, "Federal Register (mirror)", None, "Rule on AI chip exports", Trust.OFFICIAL),
        (None, "", "https://www.bis.gov/press", "Rule on AI chip exports", Trust.OFFICIAL),
        (None, "Nvidia Newsroom", "https://nvidianews.nvidia.com/x", "On AI chip exports to China", Trust.COMPANY),
        (None, "Gazette", None, "US considers AI chip export curbs, sources say", Trust.RUMOUR),
        (None, "Gazette", None, "知情人士称美国考虑限制AI芯片出口", Trust.RUMOUR),
        (None, "Gazette", None, "US tightens AI chip export curbs", Trust.PRESS),
        (
            Trust.PRESS,
            "Gazette",
            None,
            "Laut Insidern plant Washington neue Exportkontrollen für KI-Chips",
            Trust.RUMOUR,
        ),
    ],
)
def test_trust_is_the_publishers_then_the_words(source_trust, outlet, url, title, expected):
    assert assess_text(title, "", outlet, url, trust=source_trust).trust is expected


def test_only_a_binding_act_on_a_flagship_is_critical():
    issued = assess_text("US begins issuing licenses to Nvidia to export H20 to China")
    promised = assess_text("Nvidia to resume H20 sales to China", "The US assured that licences will be granted.")
    rumoured = assess_text("US considers licence for H20 exports to China, sources say")
    assert issued.severity is Severity.CRITICAL
    assert promised.severity is Severity.HIGH
    assert rumoured.severity.rank < Severity.HIGH.rank


@pytest.mark.parametrize(
    ("lead", "url", "published", "old"),
    [
        ("", "https://example.org/2022/08/31/nvidia", date(2026, 3, 1), True),
        ("", "https://example.org/2026/02/28/nvidia", date(2026, 3, 1), False),
        ("July 15, 2025 – Nvidia said", None, date(2026, 3, 1), True),
        ("2025年7月15日，英伟达表示", None, date(2025, 7, 16), False),
        ("On May 13, 2025, the department published a rule.", None, date(2026, 3, 1), False),
    ],
)
def test_an_old_text_under_a_new_date_is_flagged(lead, url, published, old):
    found = assess_text("US restricts AI chip exports to China", lead, "", url, published)
    assert any(reason.label == "stale" for reason in found.reasons) is old


def test_every_reason_with_words_leads_to_them():
    title, lead = "中国禁止企业购买英伟达ＲＴＸ Pro 6000D芯片", "The CAC told firms to stop."
    found = assess_text(title, lead)
    spoken = [(reason.span, reason.text) for reason in found.reasons if reason.span]
    assert spoken
    for (start, end), words in spoken:
        assert f"{title}\n{lead}"[start:end] == words


def test_what_the_publisher_calls_it_counts():
    title = "Revision to License Review Policy for Advanced Computing Commodities"
    lead = "Applications for exports to China and Macau will be reviewed case by case."
    rule = assess(Document("fr", "1", title, summary=lead, kind="Rule"), Trust.OFFICIAL)
    assert (rule.kind, rule.direction) == (Kind.RULE, Direction.RELAXES)


def test_a_document_is_judged_like_its_text():
    document = Document("s", "k", "US allows Nvidia H200 sales to China", summary="Licences were approved.")
    assert assess(document, Trust.PRESS, "Gazette").kind is assess_text(document.title, document.summary).kind


def test_a_near_miss_is_labelled_and_matters_to_nobody():
    found = assess_text("Nvidia's board approves share sales of 4 billion", "Analysts expect demand for GPUs to grow.")
    assert (found.relevant, found.severity) == (False, Severity.LOW)
