"""The answer to `party NAME`: who on the lists the name may stand for, how sure, and what that does not say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.cards.card import Card
from bot.cards.cutting import clean, cut_rich
from bot.cards.names import place_list
from bot.cards.rows import list_name
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.model import Party

SHOWN = 5
NAME_LIMIT = 90
LINE_LIMIT = 440
SURE = 0.9
"""From this score on a listed name is taken for the one that was asked."""


class Match(Protocol):
    """A listed party with the name of it that is alike, the score from 0 to 1, and why."""

    @property
    def party(self) -> Party: ...
    @property
    def matched(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def why(self) -> tuple[str, ...]: ...


def party_card(asked: str, matches: Sequence[Match], language: str = "en", listed: int | None = None) -> Card:
    """The likest entries first. `listed` is how many parties are stored: with none, no answer is given at all."""
    say = catalogue(language)
    name = clean(asked, NAME_LIMIT)
    if listed == 0:
        return Card(
            title=say.say("party.no_lists", name=name), language=say.language, lines=(say.say("party.no_lists_why"),)
        )
    key = "found" if matches and matches[0].score >= SURE else "maybe" if matches else "none"
    lines = [line for match in matches[:SHOWN] for line in _entry(say, match)]
    if len(matches) > SHOWN:
        lines.append(say.say("lists.more", n=len(matches) - SHOWN))
    return Card(
        title=say.say(f"party.{key}", name=name, n=len(matches)),
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines),
        footer=(say.say("party.ownership"), say.say("party.searched", n=listed)) if listed else (
            say.say("party.ownership"),
        ),
    )  # fmt: skip


def reasons(say: Catalogue, why: Sequence[str]) -> str:
    """Why a name is alike, in words."""
    return say.form.comma.join(say.text(f"party.why.{reason}") for reason in why)


def _entry(say: Catalogue, match: Match) -> list[Rich]:
    party = match.party
    same = party.name == match.matched
    record = {"list": party.roll, "title": party.roll}
    head = say.say(
        "party.entry",
        score=round(match.score * 100),
        name=clean(party.name, NAME_LIMIT),
        list=list_name(say, record),
        places=place_list(say, party.countries) if party.countries else "",
        alias="" if same else clean(match.matched, NAME_LIMIT),
        why=reasons(say, match.why),
    )
    facts = say.say(
        "party.facts",
        requirement=clean(party.requirement.rstrip(". "), 160),
        policy=clean(party.policy.rstrip(". "), 120),
        notice=clean(party.notice, 60),
        since=_day(say, party.since),
    )
    return [head, facts] if facts else [head]


def _day(say: Catalogue, text: str) -> str:
    try:
        return say.form.write_date(date.fromisoformat(text))
    except ValueError:
        return clean(text, 40)
