"""What a holder of an office posts in his own name: an official word and never law, whatever it claims."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.cards.sureness import Sureness, sureness_of
from bot.model import OWN_NAME, Assessment, Direction, Document, Kind, Member, Severity, Stage, Trust
from bot.pipeline.assess import assess
from bot.pipeline.assess.trust import in_own_name
from bot.pipeline.stories import merge_facts
from bot.store.records import assessment_of, assessment_record
from tests.pipeline.desk import Desk, news

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Seat:
    def __init__(self, source: str, assessment: Assessment) -> None:
        self.assessment = assessment
        self.member = Member(source, source, source, "", None, NOW, "en", assessment.trust, NOW)


def facts(trust: Trust, stage: Stage | None, kind: Kind = Kind.LICENCE_REQUIREMENT) -> Assessment:
    return Assessment(
        True, 0.9, ("H20",), ("Nvidia",), ("US",), ("CN",), kind, Direction.RELAXES, trust, Severity.HIGH, stage
    )


def test_done_in_words_is_promised():
    for stage in (Stage.ANNOUNCED, Stage.ISSUED, Stage.IN_FORCE, Stage.PROMISED):
        found = in_own_name(facts(Trust.OFFICIAL, stage))
        assert found.stage is Stage.PROMISED
        assert sureness_of(found) is Sureness.OFFICIAL
    assert in_own_name(facts(Trust.OFFICIAL, None)).stage is None


def test_the_same_words_of_an_institution_are_an_act():
    assert sureness_of(facts(Trust.OFFICIAL, Stage.IN_FORCE)) is Sureness.LAW


def test_press_that_tells_a_post_as_done_makes_no_law_of_it():
    post, press = in_own_name(facts(Trust.OFFICIAL, Stage.IN_FORCE)), facts(Trust.PRESS, Stage.IN_FORCE)
    merged = merge_facts([Seat("post", post), Seat("press", press)])
    assert sureness_of(merged) is Sureness.OFFICIAL


def test_the_institution_s_text_makes_it_law():
    post, text = in_own_name(facts(Trust.OFFICIAL, Stage.IN_FORCE)), facts(Trust.OFFICIAL, Stage.IN_FORCE)
    merged = merge_facts([Seat("post", post), Seat("register", text)])
    assert sureness_of(merged) is Sureness.LAW


def test_whose_mouth_it_was_is_remembered_in_the_store():
    found = in_own_name(facts(Trust.OFFICIAL, Stage.IN_FORCE))
    assert OWN_NAME in assessment_of(assessment_record(found)).reasons


async def test_a_post_is_told_as_an_official_word_and_drafts_no_law(desk: Desk):
    desk.source = desk.source.model_copy(update={"trust": Trust.OFFICIAL, "voice": "office_holder"})
    await desk.poll()
    title = "I have today allowed Nvidia to export H200 chips to China. The rule is in force, effective immediately!"
    outcome = await desk.poll(news("p", title))
    (revision,) = outcome.revisions
    plain = assess(Document("wire", "p", title), Trust.OFFICIAL, "Wire")
    assert sureness_of(revision.story.facts) is Sureness.OFFICIAL
    assert revision.story.facts.trust is Trust.OFFICIAL
    assert plain.relevant


async def test_press_that_retells_a_stored_post_makes_no_law_of_it(desk: Desk):
    desk.source = desk.source.model_copy(update={"trust": Trust.OFFICIAL, "voice": "office_holder"})
    await desk.poll()
    title = "I have today allowed Nvidia to export H200 chips to China. The rule is in force, effective immediately!"
    await desk.poll(news("p", title))
    desk.source = desk.source.model_copy(update={"trust": Trust.PRESS, "voice": "institution"})
    outcome = await desk.poll(news("q", title))
    (revision,) = outcome.revisions
    assert len(revision.story.members) == 2
    assert sureness_of(revision.story.facts) is Sureness.OFFICIAL
