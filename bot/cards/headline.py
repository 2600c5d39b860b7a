"""Headlines made from facts, so that a reader gets every alert in his language; they never claim more than these."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.cutting import cut
from bot.cards.law import LawLine
from bot.cards.names import actor_list, chip_list, place_list
from bot.cards.quotation import best_voice, quotation, title_of
from bot.cards.sureness import BOUND, Sureness, sureness_of
from bot.locale.catalogue import Catalogue
from bot.locale.rich import Rich, Span, Style, plain
from bot.model import Assessment, Direction, Kind, Stage, Story, Trust

HEADLINE_LIMIT = 200
QUOTED = frozenset((Kind.FILING, Kind.REPORT, Kind.ANALYSIS, Kind.OTHER))
"""The kinds whose facts say too little for a sentence: the source's own title speaks."""

NONE_ISSUED = frozenset(
    (
        "licence_required_by_letter_policy_unpublished",
        "licence_required_by_letter_approval_expected",
    )
)
"""The states of the law in which no licence is on record."""


def headline(say: Catalogue, story: Story, law: Sequence[LawLine] = ()) -> Rich:
    """The headline of a story: what it is about, what has happened, and in whose words where it is not law."""
    says = of_facts(say, story.facts, law)
    return _quoted(say, story) if says is None else (Span(cut(says, HEADLINE_LIMIT), Style.BOLD),)


def of_facts(say: Catalogue, facts: Assessment, law: Sequence[LawLine] = ()) -> str | None:
    """The headline that facts alone give; None where they say too little, and the source's own title would speak."""
    predicate = predicate_of(say, facts, law)
    if predicate is None:
        return None
    about = subject(say, facts)
    if facts.kind is Kind.ENTITY_LIST and not facts.chips:
        says = say.text("headline.form.list", predicate=predicate, places=place_list(say, facts.destinations))
    else:
        says = say.text("headline.form.about", subject=about, predicate=predicate) if about else _begun(predicate)
    return _attributed(say, facts, says)


def predicate_of(say: Catalogue, facts: Assessment, law: Sequence[LawLine] = ()) -> str | None:
    """What has happened, in a few words, from kind, stage and direction; None where the facts are too thin."""
    kind, stage, direction = facts.kind, facts.stage, facts.direction
    if kind in QUOTED or (kind in (Kind.STATEMENT, Kind.RUMOUR) and direction is Direction.NONE):
        return None
    actor = actors(facts) if kind in (Kind.FOREIGN_MEASURE, Kind.ENTITY_LIST) else ()
    foreign = kind is Kind.ENTITY_LIST and bool(actor)
    on_record = kind is Kind.RUMOUR and facts.trust is not Trust.RUMOUR
    name = "foreign_list" if foreign else Kind.STATEMENT.value if on_record else kind.value
    keys = [f"headline.{name}.{direction}", f"headline.{name}.any"]
    if stage is not None:
        keys = [f"headline.{name}.{stage}_{direction}", f"headline.{name}.{stage}", *keys]
    if kind is Kind.LICENCE_GRANTED and stage is Stage.PROMISED and law and all(x.status in NONE_ISSUED for x in law):
        keys.insert(0, "headline.licence_granted.promised_none_issued")
    if kind is Kind.FOREIGN_MEASURE and not actor:
        keys = ["headline.foreign_measure.nobody"]
    return say.text(say.first(*keys), actor=actor_list(say, actor))


def subject(say: Catalogue, facts: Assessment) -> str:
    """What a story is about: H20 and MI308 → China. Empty where neither chip nor place is known."""
    chips, places = facts.chips, facts.destinations
    if facts.kind is Kind.FOREIGN_MEASURE:
        places = tuple(code for code in places if code not in actors(facts))
    if chips:
        about = chip_list(say, chips)
    elif places or facts.kind is Kind.FOREIGN_MEASURE:
        about = say.text("headline.form.technology")
    else:
        return ""
    return say.text("headline.form.to", what=about, places=place_list(say, places)) if places else about


def actors(facts: Assessment) -> tuple[str, ...]:
    """Whose act it is where it is not the United States': the other origins, else, for a measure of the buyers'
    side, the first destination."""
    others = tuple(code for code in facts.origin if code != "US")[:2]
    if others:
        return others
    return facts.destinations[:1] if facts.kind is Kind.FOREIGN_MEASURE else ()


def _attributed(say: Catalogue, facts: Assessment, says: str) -> str:
    """What is not law says whose word it is: press, the company, or nobody on record."""
    if sureness_of(facts) is Sureness.RUMOUR:
        return say.text("headline.form.unconfirmed", headline=says)
    if facts.stage in BOUND and facts.kind is not Kind.GUIDANCE and facts.trust in (Trust.PRESS, Trust.COMPANY):
        return say.text(f"headline.form.by_{facts.trust}", headline=says)
    return says


def _quoted(say: Catalogue, story: Story) -> Rich:
    """A source's own title, the reader's language first; one in another language stands behind what it is about."""
    member = best_voice(story.members, say.language, story.head)
    quote = quotation(say, member, HEADLINE_LIMIT - 60, Style.BOLD)
    about = subject(say, story.facts)
    if title_of(say, member)[1] in (None, say.language) or not about:
        return quote
    kind = say.text(f"names.account.{story.facts.kind}")
    before = say.text("headline.form.quoted", subject=cut(about, 80), kind=kind)
    return (Span(before, Style.BOLD), *quote)


def _begun(predicate: str) -> str:
    return predicate[:1].upper() + predicate[1:]


def plain_headline(say: Catalogue, story: Story, law: Sequence[LawLine] = ()) -> str:
    """The headline without styles, for digests and lists."""
    return plain(headline(say, story, law))
