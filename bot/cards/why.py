"""Why: what a document was judged to be and by which words, its story, and where it was posted or why it was not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards.card import Button, Card
from bot.cards.cutting import clean, cut_rich
from bot.cards.headline import headline, plain_headline
from bot.cards.names import kind_name
from bot.cards.quotation import safe_url
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span
from bot.model import Reason, Story

LINE_LIMIT = 440
DOCUMENTS = 3
LABELS = 9
PLACES = 10
WORDS = 2
DECIDING = ("kind", "direction", "severity", "relevant", "chips", "destinations")

Label = tuple[str, str, tuple[tuple[str, str], ...]]
"""A label, its value, and its reasons as (rule, words)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A stored document. `relevant` is None for one that a first poll brought, which is judged by nobody; `held` is
    `waiting` or `dropped`."""

    source: str
    title: str
    found_at: datetime
    relevant: bool | None
    held: str | None
    story: str | None
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A channel and what became of the story there: a state of the outbox, `paused`, `refused` by a clause of its
    order, or `untold` (wanted now, but not when it was told)."""

    platform: str
    channel: str
    state: str
    at: datetime | None = None
    reason: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """All that is known of an address."""

    link: str
    documents: tuple[Told, ...]
    story: Story | None
    places: tuple[Place, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Here:
    """What the asking channel's order says to the story: the first clause that it does not meet, empty for none."""

    clause: str


def why_card(
    found: Why, language: str = "en", *, here: Here | None = None, in_words: Callable[[str], str] = str
) -> Card:
    """The card of `/chip why`, for a link or, where `found` has none, for a story. Rules are named as the code names
    them, or as `in_words` says it; words are the document's own."""
    say = catalogue(language)
    lines: list[Rich] = []
    if found.story is not None and not found.link:
        lines += [_judged(say, found.story), *_because(say, found.reasons, in_words)]
    for document in found.documents[:DOCUMENTS]:
        lines.append(_document(say, document))
        lines += [_label(label) for label in document.labels[:LABELS]]
    if found.story is not None and found.link:
        lines.append(say.say("why.story", headline=plain_headline(say, found.story), n=len(found.story.members)))
    if here is not None:
        clause = say.text(f"why.clause.{here.clause}") if here.clause else ""
        lines.append(say.say("why.not_here", clause=clause) if clause else say.say("why.here"))
    lines += [_place(say, place) for place in found.places[:PLACES]]
    left = len(found.places) - PLACES
    story = found.story
    if story is not None and not found.link:
        title = headline(say, story)
    else:
        title = say.say("why.title" if found.documents else "why.unknown", link=_link(found.link))
    rules = [say.say("why.rules")] if story is not None else []
    buttons = (Button(say.text("button.story"), "story", (("story", story.id),)),) if story is not None else ()
    return Card(
        title=cut_rich(title, LINE_LIMIT),
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines),
        footer=(*([say.say("lists.more", n=left)] if left > 0 else ()), *rules),
        buttons=buttons,
    )


def _judged(say: Catalogue, story: Story) -> Rich:
    facts = story.facts
    return say.say(
        "why.judged",
        kind=kind_name(say, facts.kind),
        direction=say.text(f"names.direction.{facts.direction}"),
        trust=say.text(f"names.trust.{facts.trust}"),
        severity=say.text(f"names.severity.{facts.severity}"),
    )


def _because(say: Catalogue, reasons: Sequence[Reason], in_words: Callable[[str], str]) -> list[Rich]:
    """The words that decided, each label once, the weightiest labels first."""
    seen: dict[str, Reason] = {}
    for reason in reasons:
        if reason.text and reason.label in DECIDING:
            seen.setdefault(reason.label, reason)
    ranked = sorted(seen.values(), key=lambda reason: DECIDING.index(reason.label))
    return [
        say.say(
            "why.because",
            label=say.text(f"why.label.{reason.label}"),
            words=say.form.quote.format(text=clean(reason.text, 60)),
            rule=clean(in_words(reason.rule), 60),
        )
        for reason in ranked
    ]


def _link(link: str) -> Rich:
    return (Span(clean(link, 120), url=safe_url(link)),)


def _document(say: Catalogue, document: Told) -> Rich:
    if document.held is not None:
        verdict = say.text(f"why.held.{document.held}")
    elif document.relevant is None:
        verdict = say.text("why.baseline")
    else:
        verdict = say.text("why.relevant" if document.relevant else "why.irrelevant")
    quote = say.form.quote.format(text=clean(document.title, 160))
    return say.say(
        "why.document", source=clean(document.source, 60), quote=quote, at=document.found_at, verdict=verdict
    )


def _label(label: Label) -> Rich:
    """`kind: rule (T.terms.rule "final rule")`: the same as `chipwatch assess` prints."""
    name, value, reasons = label
    said = [f'{rule} "{clean(words, 40)}"' if words else rule for rule, words in reasons[:WORDS]]
    return (Span(f"{name}: {clean(value, 80)}" + (f" ({'; '.join(said)})" if said else "")),)


def _place(say: Catalogue, place: Place) -> Rich:
    where = f"{clean(place.platform, 20)} {clean(place.channel, 60)}"
    if place.state == "refused":
        became = say.text("why.place.refused", clause=say.text(f"why.clause.{place.clause}"))
    else:
        became = say.text(f"why.place.{place.state}")
    return say.say("why.where", where=where, became=became, at=place.at, reason=clean(place.reason, 120))
