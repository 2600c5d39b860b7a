"""The marks of an alert: how sure it is and what it does. Two marks, never mixed; "unconfirmed" is not a direction."""

from __future__ import annotations

from enum import StrEnum

from bot.cards.card import Tone
from bot.cards.names import kind_name
from bot.clock import day_of
from bot.locale.catalogue import Catalogue
from bot.locale.rich import Rich
from bot.model import Assessment, Direction, Kind, Member, Stage, Story, Trust

ACTS = frozenset(
    (
        Kind.RULE,
        Kind.RESCISSION,
        Kind.ENTITY_LIST,
        Kind.LICENCE_REQUIREMENT,
        Kind.TARIFF_OR_REVENUE_SHARE,
        Kind.FOREIGN_MEASURE,
    )
)
"""The kinds whose official text is law. A licence's text is not published, and guidance binds nobody."""

ACCOUNTS = frozenset((Kind.ENFORCEMENT, Kind.FILING, Kind.REPORT, Kind.ANALYSIS, Kind.OTHER))
"""The kinds that tell of something other than a change of law."""

BOUND = frozenset((Stage.ISSUED, Stage.IN_FORCE))
MANY_OUTLETS = 6
"""From so many outlets on they are counted together."""


class Sureness(StrEnum):
    """How sure a story is, the surest first; each has its words in the catalogues under `marks.sure`."""

    LAW = "law"
    OFFICIAL = "official"
    OFFICIAL_ACT = "official_act"
    """An act that its author announces: it may bind already, but nothing seen says so."""
    REPORTED_LAW = "reported_law"
    """An act that is told as issued or in force by somebody else than its author."""
    REPORTED = "reported"
    SAID = "said"
    BILL = "bill"
    RUMOUR = "rumour"


def sureness_of(facts: Assessment) -> Sureness:
    """How sure a story is, from its trust, kind and stage; only official text of an act in being is law."""
    if facts.trust is Trust.RUMOUR:
        return Sureness.RUMOUR
    if facts.kind is Kind.BILL:
        return Sureness.BILL
    in_being = facts.stage in BOUND
    if facts.trust is Trust.OFFICIAL:
        if facts.kind not in ACTS or facts.stage in (None, Stage.PROPOSED, Stage.PROMISED):
            return Sureness.OFFICIAL
        return Sureness.LAW if in_being else Sureness.OFFICIAL_ACT
    if in_being and (facts.kind in ACTS or facts.kind is Kind.LICENCE_GRANTED):
        return Sureness.REPORTED_LAW
    press = facts.trust is Trust.PRESS
    return Sureness.REPORTED if press and facts.kind in ACCOUNTS else Sureness.SAID


def tone_of(sureness: Sureness) -> Tone:
    """The colour's name that goes with a sureness."""
    if sureness is Sureness.LAW:
        return Tone.LAW
    return Tone.RUMOUR if sureness is Sureness.RUMOUR else Tone.SAID


def marks(say: Catalogue, story: Story, withdrawn: bool = False) -> Rich:
    """The line above the headline: sureness, kind and date of a legal text, who says it, what it does."""
    facts = story.facts
    sureness = sureness_of(facts)
    return say.say(
        "marks.line",
        sure=say.text(f"marks.sure.{sureness}"),
        kind=kind_name(say, facts.kind) if sureness is Sureness.LAW else "",
        force=_force(say, story) if sureness is Sureness.LAW else "",
        who=who(say, _beside_the_text(story.members) if sureness is Sureness.LAW else story.members),
        does=_does(say, facts, sureness),
        withdrawn=say.text("marks.withdrawn") if withdrawn else "",
    )


def _beside_the_text(members: tuple[Member, ...]) -> tuple[Member, ...]:
    return tuple(member for member in members if member.trust is not Trust.OFFICIAL)


def _force(say: Catalogue, story: Story) -> str:
    """Whether a legal text is in force, and its date; without one only what is known."""
    text = next((m for m in story.members if m.trust is Trust.OFFICIAL), None)
    state = "in_force" if story.facts.stage is Stage.IN_FORCE else "issued"
    day = day_of(text.published) if text and text.published else None
    return say.text(f"marks.force.{state}", day=day)


def _does(say: Catalogue, facts: Assessment, sureness: Sureness) -> str:
    guides = facts.kind is Kind.GUIDANCE and (facts.stage is None or facts.stage in BOUND)
    if facts.direction is Direction.NONE:
        return say.text("marks.does.clarifies") if guides else ""
    certain = sureness in (Sureness.LAW, Sureness.REPORTED_LAW) or guides
    return say.text(f"marks.does.{facts.direction}" if certain else f"marks.would.{facts.direction}")


def who(say: Catalogue, members: tuple[Member, ...]) -> str:
    """Who says it, the most trusted first: company, 3 press reports; company, 11 outlets, 3 languages."""
    outlets: dict[str, Trust] = {}
    for member in sorted(members, key=lambda m: -m.trust.rank):
        outlets.setdefault(member.source_name, member.trust)
    parts = [say.text(f"marks.who.{trust}") for trust in (Trust.OFFICIAL, Trust.COMPANY) if trust in outlets.values()]
    if len(outlets) >= MANY_OUTLETS:
        parts.append(say.text("marks.who.outlets", n=len(outlets)))
        languages = len({m.language for m in members if m.language})
        if languages > 1:
            parts.append(say.text("marks.who.languages", n=languages))
    else:
        for trust in (Trust.PRESS, Trust.RUMOUR):
            number = sum(found is trust for found in outlets.values())
            if number:
                parts.append(say.text(f"marks.who.{trust}", n=number))
    return say.form.comma.join(parts)
