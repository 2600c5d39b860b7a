"""What a story's documents tell: whose words to show, what is missing, and how the story grew."""

from __future__ import annotations

from bot.cards.headline import actors
from bot.cards.names import actor_list
from bot.cards.quotation import best_voice, outlet
from bot.cards.sureness import BOUND, Sureness, sureness_of
from bot.locale.catalogue import Catalogue
from bot.locale.rich import Rich, Span
from bot.model import Kind, Member, Story, Trust

STEPS = 4
"""How many steps of a story's growth are told: the first, and the latest ones."""
NAMED = 2


def voices(story: Story, language: str) -> list[Member]:
    """Whose words stand on the card: the head's, and the most trusted that the reader can read where the head's are in
    another language. On a legal text only what others say; empty where nobody does."""
    members = story.members
    if sureness_of(story.facts) is Sureness.LAW:
        members = tuple(m for m in members if m.trust is not Trust.OFFICIAL)
        if not members:
            return []
        head = max(members, key=lambda member: member.trust.rank)
        return [best_voice(members, language, head)]
    readable = best_voice(members, language, story.head)
    return list(dict.fromkeys((story.head, readable)))


def open_points(say: Catalogue, story: Story) -> str:
    """What is missing: terms, dates, confirmation, and the official text where none is among the documents."""
    facts = story.facts
    points = []
    sureness = sureness_of(facts)
    if sureness is Sureness.RUMOUR:
        points.append(say.text("open.confirmation"))
    elif facts.stage is not None and not (facts.trust is Trust.OFFICIAL and facts.stage in BOUND):
        key = say.first(f"open.{facts.kind}_{facts.stage}", f"open.{facts.stage}")
        if sureness is Sureness.OFFICIAL_ACT:
            key = "open.official_act"
        points.append(say.text(key))
    told_as_act = facts.stage is not None or sureness is Sureness.RUMOUR
    if told_as_act and facts.trust is not Trust.OFFICIAL:
        foreign = actors(facts) if facts.kind in (Kind.FOREIGN_MEASURE, Kind.ENTITY_LIST) else ()
        key = "open.no_text_of" if foreign else "open.no_bill_text" if facts.kind is Kind.BILL else "open.no_text"
        points.append(say.text(key, actor=actor_list(say, foreign)))
    return say.text("open.gap").join(points)


def grew(say: Catalogue, story: Story) -> Rich:
    """How a story grew, day by day: the first post, then companies and authorities by name and the press by number."""
    first, *later = sorted(story.members, key=lambda member: member.joined_at)
    days: dict[str, list[Member]] = {}
    for member in later:
        days.setdefault(say.form.write_day(member.joined_at.date()), []).append(member)
    steps = [say.text("alert.step_first", day=min(first.joined_at, story.began_at).date(), who=outlet(first))]
    told = [say.text("alert.step", day=day, who=_joined(say, members)) for day, members in days.items()]
    return (Span(" · ".join([*steps, *told[-(STEPS - 1) :]])),)


def _joined(say: Catalogue, members: list[Member]) -> str:
    """Who came in on a day."""
    named = list(dict.fromkeys(outlet(m) for m in members if m.trust in (Trust.OFFICIAL, Trust.COMPANY)))[:NAMED]
    others = len({outlet(m) for m in members} - set(named))
    counted = [say.text("alert.step_others", n=others)] if others else []
    return say.form.comma.join([*named, *counted])
