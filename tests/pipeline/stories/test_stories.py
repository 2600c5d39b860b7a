"""Documents that tell the same happening share a story; look-alikes do not."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model import INFERRED, Assessment, Binding, Direction, Document, Kind, Member, Reason, Severity, Stage, Trust
from bot.pipeline.assess import assess, assess_text
from bot.pipeline.stories import StoryIndex, changed_facts, fingerprint, head_of, merge_facts, rises, story_id

JULY = date(2025, 7, 15)


def told(n, title, lead="", day=JULY, source=None):
    document = Document(source or f"outlet-{n}", f"key-{n}", title, f"https://example.org/{n}", day, summary=lead)
    return document, assess(document, Trust.PRESS)


def stories_of(*documents):
    index, found = StoryIndex(), []
    for document, assessment in documents:
        print_ = fingerprint(document, assessment)
        at = datetime.combine(document.published, datetime.min.time(), UTC)
        story = index.place(print_, at).story_id or story_id(document.source, document.key)
        index.add(story, print_, at)
        found.append(story)
    return found


def test_one_happening_in_three_languages_is_one_story():
    found = stories_of(
        told(
            1, "Nvidia to resume H20 AI chip sales to China", "The US government assured it licences will be granted."
        ),
        told(2, "Nvidia darf H20-Chips wieder nach China verkaufen", "Die US-Regierung hat Lizenzen zugesichert."),
        told(3, "英伟达将恢复向中国销售H20芯片", "美国政府保证将发放许可证。"),
        told(4, "Nvidia says it will resume H20 sales in China", "Washington promised to grant the licences."),
    )
    assert len(set(found)) == 1


def test_a_case_is_told_by_its_own_names_and_numbers():
    found = stories_of(
        told(
            1,
            "Two men charged with smuggling Nvidia H100 chips to China in Operation Gatekeeper",
            "A $160 million ring.",
        ),
        told(
            2, "Operation Gatekeeper: US dismantles $160 million Nvidia GPU smuggling network", "Prosecutors in Texas."
        ),
        told(
            3,
            "Supermicro co-founder charged over $2.5 billion of Nvidia servers sent to China",
            "",
            JULY + timedelta(20),
        ),
    )
    assert found[0] == found[1] != found[2]


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        # licence demanded, then the promise of July
        (
            "US requires license for Nvidia H20 exports to China",
            "Nvidia to resume H20 sales to China after US assurances",
            90,
        ),
        # promised, then issued
        (
            "Nvidia to resume H20 sales to China after US assurances",
            "US begins issuing licenses for Nvidia H20 to China",
            24,
        ),
        # considered, then blocked by the other side
        ("US considers letting Nvidia sell H200 to China, sources say", "China customs blocks Nvidia H200 chips", 50),
        # the regulator's summons and a case of smuggling on one day
        (
            "China's CAC summons Nvidia over H20 backdoor risks",
            "Two charged with smuggling Nvidia H100 chips to China",
            0,
        ),
        # a statement by the company and a rule
        ("BIS rescinds AI diffusion rule", "Senators introduce Chip Security Act on AI chip exports", 1),
    ],
)
def test_look_alikes_stay_apart(first, second, days):
    one, other = stories_of(told(1, first), told(2, second, day=JULY + timedelta(days)))
    assert one != other


@pytest.mark.parametrize("days", [0, 1, 40])
@pytest.mark.parametrize(
    "title",
    ["US bans MI325X exports to {}", "US allows Nvidia to sell H200 chips to {}", "{}: US halts H20 sales to {}"],
)
def test_the_same_act_on_another_country_is_another_story(title, days):
    places = ("Oman", "Pakistan", "Malaysia", "Georgia")
    told_of = [told(n, title.format(place, place), day=JULY + timedelta(n * days)) for n, place in enumerate(places)]
    assert len(set(stories_of(*told_of))) == len(places)


def test_the_same_act_on_one_country_of_several_is_one_story():
    title = "US bans Nvidia MI325X exports to {}"
    assert len(set(stories_of(told(1, title.format("Oman")), told(2, title.format("Oman and Pakistan"))))) == 1


def test_the_same_text_again_joins_whatever_its_outlet():
    text = (
        "China bans purchases of Nvidia RTX Pro 6000D chips",
        "The Cyberspace Administration of China told firms to stop.",
    )
    one, other = stories_of(told(1, *text), told(2, *text, day=JULY + timedelta(1)))
    assert one == other


def test_ids_come_from_the_first_document_and_placing_changes_nothing():
    document, assessment = told(1, "US bans Nvidia H20 exports to China")
    index, at = StoryIndex(), datetime(2025, 7, 15, tzinfo=UTC)
    print_ = fingerprint(document, assessment)
    assert index.place(print_, at).story_id is None
    assert len(index) == 0
    id_ = story_id(document.source, document.key)
    assert id_ == story_id("outlet-1", "key-1")
    assert len(id_) == 14
    index.add(id_, print_, at)
    assert index.place(print_, at).story_id == id_


def test_a_story_that_has_not_grown_for_long_is_closed():
    document, assessment = told(1, "US bans Nvidia H20 exports to China")
    index, at = StoryIndex(), datetime(2025, 7, 15, tzinfo=UTC)
    print_ = fingerprint(document, assessment)
    index.add("s-1", print_, at)
    assert index.forget(at) == 0
    assert index.forget(at + timedelta(seconds=1)) == 1
    assert index.place(print_, at).story_id is None


@dataclass(frozen=True)
class Seat:
    member: Member
    assessment: Assessment


def seat(
    n, trust=Trust.PRESS, stage=Stage.PROMISED, chips=("H20",), direction=Direction.RELAXES, day=JULY,
    kind=Kind.LICENCE_GRANTED, chips_headed=False, **binding,
):  # fmt: skip
    headed = chips if chips_headed else ()
    member = Member("s", "S", f"k{n}", "t", None, day, "en", trust, datetime(2025, 8, 1, n, tzinfo=UTC))
    return Seat(
        member,
        Assessment(True, 0.9, chips, ("Nvidia",), ("US",), ("CN",), kind, direction, trust,
                   Severity.HIGH, stage, binding=Binding(headed, **binding)),
    )  # fmt: skip


def implied(n, *named):
    """A member whose destinations are these, or China, because no word names any."""
    told_by = seat(n)
    places = {"destinations": named} if named else {"destinations": ("CN",), "reasons": (INFERRED,)}
    return replace(told_by, assessment=replace(told_by.assessment, **places))


@pytest.mark.parametrize(
    ("members", "places"),
    [
        ([implied(1), implied(2)], ("CN",)),
        ([implied(1), implied(2, "MY"), implied(3, "MY")], ("MY",)),
        ([implied(1, "MY"), implied(2), implied(3)], ("MY",)),
        ([implied(1), implied(2, "MY"), implied(3), implied(4)], ("CN",)),
        ([implied(1, "MY"), implied(2, "CN", "MY"), implied(3, "CN", "MY")], ("MY", "CN")),
    ],
)
def test_china_that_no_word_names_gives_way_to_what_others_name(members, places):
    assert merge_facts(members).destinations == places


@pytest.mark.parametrize(
    ("title", "places"),
    [
        ("US allows exports of Nvidia chips to China and to G42", ("AE", "CN")),
        ("US allows exports of Nvidia chips to China and to Humain", ("CN", "SA")),
        ("USA erlauben Export von Nvidia-Chips nach China und an G42", ("AE", "CN")),
        ("美国允许向中国和G42出口英伟达芯片", ("AE", "CN")),
    ],
)
def test_a_china_that_is_named_beside_a_buyer_stays_in_the_story(title, places):
    told_by = replace(seat(1), assessment=assess_text(title))
    rules = {reason.rule for reason in told_by.assessment.reasons if reason.label == "destinations"}
    assert rules == {"named", "implied_by_name"}
    assert merge_facts([told_by]).destinations == places


def test_the_head_is_the_most_trusted_then_the_earliest():
    early, late = seat(1, day=date(2025, 7, 14)), seat(2)
    official = seat(3, Trust.OFFICIAL, day=date(2025, 7, 20))
    assert head_of([late, early]) is early
    assert head_of([late, early, official]) is official


def test_an_analysis_speaks_for_a_story_only_where_nobody_tells_the_thing_itself():
    opinion, report = seat(1, kind=Kind.ANALYSIS), seat(2)
    assert head_of([opinion]) is opinion
    assert head_of([opinion, report]) is report
    assert head_of([report, seat(3, Trust.OFFICIAL, kind=Kind.ANALYSIS)]).member.trust is Trust.OFFICIAL


BOTH = ("H20", "MI308")


@pytest.mark.parametrize(
    ("newcomers", "chips"),
    [
        ([seat(9, Trust.COMPANY, chips=BOTH, chips_headed=True)], BOTH),
        ([seat(8, chips=BOTH, chips_headed=True), seat(9, chips=BOTH, chips_headed=True)], BOTH),
        ([seat(9, chips=BOTH, chips_headed=True)], ("H20",)),
        ([seat(8, chips=BOTH), seat(9, chips=BOTH)], ("H20",)),
        ([seat(n, chips=BOTH, chips_headed=True, direction=Direction.RESTRICTS) for n in (8, 9)], ("H20",)),
        ([seat(n, chips=BOTH, chips_headed=True, kind=Kind.ANALYSIS) for n in (8, 9)], ("H20",)),
    ],
)
def test_a_chip_comes_in_by_its_makers_word_or_two_headlines_and_not_by_the_way(newcomers, chips):
    told = [seat(n) for n in range(1, 8)]
    assert merge_facts([*told, *newcomers]).chips == chips


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (seat(1, effective=("2026-01-15",)), seat(1, effective=("2026-02-15",)), "effective"),
        (seat(1, thresholds=("tpp 4800",)), seat(1, thresholds=("tpp 21000",)), "thresholds"),
        (seat(1, amounts=("15%",)), seat(1, amounts=("25%",)), "amounts"),
        (seat(1, conditions=("tariff",)), seat(1, conditions=("case_by_case", "tariff")), "conditions"),
        (seat(1), seat(1, amounts=("25%",)), None),  # it was not told before
        (seat(1, amounts=("25%",)), seat(1), None),
        (seat(1, chips=BOTH), seat(1), None),  # what many name no more is no news
    ],
)
def test_a_changed_binding_fact_is_a_rise_with_what_it_was(before, after, change):
    found = changed_facts(before.assessment, after.assessment)
    assert [one.fact for one in found] == ([change] if change else [])
    assert (rises(before.assessment, after.assessment) == ("fact",)) is bool(change)
    if change:
        assert (found[0].before, found[0].after) == tuple(
            getattr(told.assessment.binding, change) for told in (before, after)
        )


def test_of_two_figures_the_more_trusted_counts_then_the_more_frequent_then_an_amendment():
    press = [seat(1, amounts=("15%",)), seat(2, amounts=("20%",)), seat(3, amounts=("20%",))]
    assert merge_facts(press).binding.amounts == ("20%",)
    assert merge_facts(press[:2]).binding.amounts == ("15%",)
    official = [seat(4, Trust.OFFICIAL, amounts=("15%",)), seat(5, Trust.OFFICIAL, amounts=("25%",))]
    assert merge_facts([*press, official[0]]).binding.amounts == ("15%",)
    assert merge_facts([*press, *official]).binding.amounts == ("25%",)


def test_facts_are_what_head_or_many_name_and_the_furthest_stage():
    facts = merge_facts(
        [seat(1), seat(2, stage=Stage.ISSUED), seat(3, chips=("H20", "MI308")), seat(4, chips=("A100",))]
    )
    assert facts.stage is Stage.ISSUED
    assert facts.severity is Severity.CRITICAL
    assert facts.chips == ("H20",)


def test_a_story_is_as_sure_as_its_surest_and_says_the_reasons_of_its_head():
    reason = Reason("kind", "lexicon", "licence")
    head = replace(seat(1).assessment, score=0.6, reasons=(reason,))
    surer = replace(seat(2).assessment, score=0.9, relevant=False, reasons=(Reason("kind", "lexicon", "ban"),))
    facts = merge_facts([Seat(seat(1).member, head), Seat(seat(2).member, surer)])
    assert (facts.score, facts.relevant, facts.reasons) == (0.9, True, (reason,))
    assert (facts.kind, facts.direction, facts.trust) == (head.kind, head.direction, head.trust)
    assert (facts.companies, facts.origin, facts.destinations) == (("Nvidia",), ("US",), ("CN",))


@pytest.mark.parametrize(("members", "counts"), [(6, True), (7, False)])
def test_what_a_third_of_the_members_name_counts(members, counts):
    both = [
        Seat(seat(n).member, replace(seat(n).assessment, companies=("Nvidia", "AMD"), origin=("US", "TW")))
        for n in (2, 3)
    ]
    facts = merge_facts([seat(1), *both, *(seat(n) for n in range(4, members + 1))])
    assert facts.companies == (("Nvidia", "AMD") if counts else ("Nvidia",))
    assert facts.origin == (("US", "TW") if counts else ("US",))


@pytest.mark.parametrize(
    ("before", "after", "rise"),
    [
        (seat(1, Trust.RUMOUR), seat(1), ("trust",)),
        (seat(1), seat(1, stage=Stage.ISSUED), ("stage",)),
        (seat(1), seat(1, direction=Direction.RESTRICTS), ("direction",)),
        (seat(1), seat(1, chips=("H20", "MI308")), ("fact",)),
        (seat(1), seat(1), ()),
        (seat(1, Trust.OFFICIAL), seat(1), ()),
    ],
)
def test_a_rise_is_named(before, after, rise):
    assert rises(before.assessment, after.assessment) == rise


def test_placing_among_many_costs_little_and_does_not_grow_with_them():
    def cost(size: int) -> float:
        index, at = StoryIndex(), datetime(2025, 7, 15, tzinfo=UTC)
        document, assessment = told(1, "US bans Nvidia H20 exports to China", "The Commerce Department told Nvidia.")
        print_ = fingerprint(document, assessment)
        for n in range(size):
            index.add(f"s-{n}", print_, at)
        best = 1.0
        for _ in range(5):
            began = time.perf_counter()
            index.place(print_, at)
            best = min(best, time.perf_counter() - began)
        return best

    assert cost(3_000) < max(4 * cost(300), 0.02)


@pytest.mark.parametrize(
    ("kinds", "origins", "joined"),
    [
        ((Kind.RULE, Kind.RULE), ("US", "CN"), False),
        ((Kind.RULE, Kind.FOREIGN_MEASURE), ("US", "CN"), False),
        ((Kind.RULE, Kind.REPORT), ("US", "CN"), True),
        ((Kind.REPORT, Kind.RULE), ("US", "CN"), True),
        ((Kind.RULE, Kind.RULE), ("US", "US"), True),
        ((Kind.RULE, Kind.RULE), ("US", ""), True),
        ((Kind.RULE, Kind.RULE), ("", "US"), True),
    ],
)
def test_acts_of_two_states_are_two_happenings_however_alike_they_sound(kinds, origins, joined):
    document, assessment = told(1, "New licence rule for exports of Nvidia H20 chips to Malaysia, a $160 million trade")
    at = datetime(2025, 7, 15, tzinfo=UTC)
    first, second = (
        fingerprint(document, replace(assessment, kind=kind, origin=(origin,) if origin else ()))
        for kind, origin in zip(kinds, origins, strict=True)
    )
    index = StoryIndex(threshold=-10)
    index.add("s-1", first, at)
    assert (index.place(second, at).story_id == "s-1") is joined
