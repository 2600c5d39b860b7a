"""The correction: we were wrong, said as plainly as we said the mistake, with the law as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.cards.card import Card, Tone
from bot.cards.cutting import clean, cut_rich
from bot.cards.law import LawLine, law_sentences, unchanged_since
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.model import Story

CAUSES = ("redated", "misread", "wrong_source", "merged", "satire")
"""Why a card can be wrong; each has a sentence in the catalogues under `correction.cause`."""

LINE_LIMIT = 440


@dataclass(frozen=True, slots=True)
class Correction:
    """A card of ours that was wrong.

    `headline` is what stood there, `cause` one of `CAUSES`; it was on screen from `shown_from` to `shown_until` in
    `channels` channels. `reported_by_member` says that a reader found it; `this_year` counts corrections, this one
    included.
    """

    headline: str
    cause: str
    shown_from: datetime
    shown_until: datetime
    channels: int
    reported_by_member: bool = False
    this_year: int = 1


def correction_card(correction: Correction, law: Sequence[LawLine] = (), language: str = "en") -> Card:
    """The correction as the head's edit and as the reply under it. Raises KeyError for an unknown cause."""
    say = catalogue(language)
    quoted = say.form.quote.format(text=clean(correction.headline, 160))
    seen = say.say(
        "correction.on_screen",
        shown_from=correction.shown_from,
        shown_until=correction.shown_until,
        channels=say.text("correction.channels", n=correction.channels),
        reporter=say.text("correction.by_member") if correction.reported_by_member else "",
        number=say.text("correction.this_year", n=correction.this_year),
    )
    lines = (say.say(f"correction.cause.{correction.cause}"), _law(say, law, correction.shown_from.date()))
    return Card(
        title=cut_rich(say.say("correction.title", headline=quoted), LINE_LIMIT),
        tone=Tone.CORRECTION,
        language=say.language,
        marks=say.say("correction.marks", sure=say.text("marks.sure.correction")),
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
        footer=(cut_rich(seen, LINE_LIMIT),),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction as the public list shows it."""

    story: Story
    at: datetime
    cause: str
    channels: int
    reported_by_member: bool


def _law(say: Catalogue, law: Sequence[LawLine], by: date) -> Rich:
    since = unchanged_since(law, by)
    sentences = law_sentences(say, law, still=since is not None)
    if since:
        return say.say("correction.law", day=since, sentences=sentences)
    return say.say("alert.law_as_it_is", sentences=sentences) if sentences else ()
