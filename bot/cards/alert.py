"""Alert cards: a story as a message, its growth, the reply when it rises, and the correction when we were wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.cards.card import Button, Card
from bot.cards.cutting import clean, cut_rich
from bot.cards.headline import headline, predicate_of, subject
from bot.cards.law import LawLine, law_sentences, unchanged_since
from bot.cards.names import chip_name, maker_of, place_list, place_name
from bot.cards.quotation import best_voice, outlet, quotation, safe_url
from bot.cards.sureness import Sureness, marks, sureness_of, tone_of
from bot.cards.telling import grew, open_points, voices
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span
from bot.model import FactChange, Member, Op, Revision, Story

LINE_LIMIT = 440
OUTLETS = 6
STATUS_BUTTONS = 2
RISES = 2
CHANGES = 3
NAMED = 3


def alert_card(revision: Revision, law: Sequence[LawLine] = (), language: str = "en") -> Card:
    """What a story says in a channel: the post, or the message as an edit leaves it.

    `law` is what the ledger says for the story's chips and destinations at that moment, empty where it says nothing.
    """
    say, story = catalogue(language), revision.story
    sureness = sureness_of(story.facts)
    edited = revision.op is Op.EDIT
    lines = [
        _law_line(say, story, law, short=edited),
        _words_line(say, story, sureness),
        say.say("alert.grew", steps=grew(say, story)) if edited else (),
        _open_line(say, story),
    ]
    return Card(
        title=headline(say, story, law),
        tone=tone_of(sureness),
        language=say.language,
        marks=marks(say, story, withdrawn="withdrawn" in revision.rise),
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
        footer=(_first_seen(say, story, with_day=edited),),
        buttons=_buttons(say, story),
    )


def reply_card(revision: Revision, law: Sequence[LawLine] = (), language: str = "en") -> Card:
    """What stands under the message when a story rises: what is new, in whose words, and the law."""
    say, story = catalogue(language), revision.story
    facts = story.facts
    known = [
        _changed(say, revision.changes) if name == "fact" and revision.changes else _rise(say, story, name, law)
        for name in revision.rise[:RISES]
    ]
    news = say.form.comma.join(dict.fromkeys(words for words in known if words)) or say.text("rise.grown")
    newest = max(story.members, key=lambda member: (member.joined_at, member.trust.rank))
    latest = [member for member in story.members if member.joined_at == newest.joined_at]
    voice = best_voice(latest, say.language, newest)
    lines = (
        _voice(say, voice, "reports"),
        _law_line(say, story, law, short=True),
    )
    return Card(
        title=cut_rich(say.say("rise.title", news=news), LINE_LIMIT),
        tone=tone_of(sureness_of(facts)),
        language=say.language,
        marks=marks(say, story, withdrawn="withdrawn" in revision.rise),
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines),
        buttons=_buttons(say, story)[-2:],
    )


def _law_line(say: Catalogue, story: Story, law: Sequence[LawLine], *, short: bool) -> Rich:
    """The law as the ledger has it. An edit says only since when nothing changed; a legal text speaks for itself."""
    since = unchanged_since(law, story.began_at.date())
    if sureness_of(story.facts) is Sureness.LAW:
        text = max(story.members, key=lambda member: member.trust.rank)
        quote = quotation(say, text, 180)
        return say.say("alert.law_text", quote=quote, sentences=law_sentences(say, law, still=False))
    if not law:
        return say.say("alert.law_none")
    if short and since:
        return say.say("alert.law_unchanged_since", day=since)
    if any(line.changed for line in law):
        return say.say("alert.law_changed", sentences=law_sentences(say, law))
    key = "alert.law_unchanged" if since else "alert.law_as_it_is"
    return say.say(key, sentences=law_sentences(say, law, still=since is not None))


def _words_line(say: Catalogue, story: Story, sureness: Sureness) -> Rich:
    spoken = voices(story, say.language)
    if not spoken:
        return say.say("alert.words_none")
    key = "claims" if sureness is Sureness.RUMOUR else "reports"
    spans: list[Span] = []
    if predicate_of(say, story.facts) is None:
        above = best_voice(story.members, say.language, story.head)
        spans += [*say.say("alert.voice.above", who=outlet(above)), Span(" · ")]
        spoken = [member for member in spoken if member is not above]
    for member in spoken:
        spans += [*_voice(say, member, key), Span(" · ")]
    return say.say("alert.words", words=tuple(spans[:-1]))


def _voice(say: Catalogue, member: Member, press_key: str) -> Rich:
    """Somebody's words: who, and the title as a quotation."""
    key = press_key if member.trust.rank <= 1 else "says"
    quote = quotation(say, member, 180)
    return say.say(f"alert.voice.{key}", who=outlet(member), quote=quote)


def _open_line(say: Catalogue, story: Story) -> Rich:
    points = open_points(say, story)
    return say.say("alert.open", points=points) if points else ()


def _first_seen(say: Catalogue, story: Story, *, with_day: bool) -> Rich:
    """When the story was first seen, and the outlets that tell it, each once with its address."""
    spans = list(say.say("alert.first_seen_on" if with_day else "alert.first_seen", at=story.began_at))
    seen: dict[str, Member] = {}
    for member in (story.head, *story.members):
        seen.setdefault(outlet(member), member)
    for name, member in list(seen.items())[:OUTLETS]:
        spans += [Span(" · "), Span(name, url=safe_url(member.url))]
        if member.language and member.language.partition("-")[0] not in (say.language, "en"):
            spans.append(Span(say.text("alert.in_language", language=clean(member.language, 5))))
    if len(seen) > OUTLETS:
        spans.append(Span(" " + say.text("alert.more_outlets", n=len(seen) - OUTLETS)))
    return tuple(spans)


def _buttons(say: Catalogue, story: Story) -> tuple[Button, ...]:
    """Status for the chips, the sources, and the menu."""
    chips, places = story.facts.chips[:STATUS_BUTTONS], story.facts.destinations
    status = [_status_button(say, chip, places[0], alone=len(chips) == 1) for chip in chips if places]
    values = (("story", story.id),)
    sources = Button(say.text("button.sources", n=len(story.members)), "sources", values)
    return (*status, sources, Button(say.text("button.menu"), "menu", values, menu=True))


def _status_button(say: Catalogue, chip: str, place: str, *, alone: bool) -> Button:
    shown = place_name(say, place) if alone else ""
    label = say.text("button.status", chip=chip_name(say, chip), place=shown)
    return Button(label, "status", (("chip", chip), ("destination", place)))


def _rise(say: Catalogue, story: Story, name: str, law: Sequence[LawLine]) -> str:
    """What a rise means, in a few words."""
    facts = story.facts
    if name == "stage":
        stage = say.text(f"rise.stage.{facts.stage}") if facts.stage else ""
        return predicate_of(say, facts, law) or stage
    if name == "fact":
        if facts.chips:
            return say.text("rise.fact", subject=subject(say, facts))
        return say.text("rise.fact_places", places=place_list(say, facts.destinations)) if facts.destinations else ""
    word = {"trust": facts.trust, "severity": facts.severity, "direction": facts.direction}.get(name)
    key = f"rise.{name}.{word}" if word is not None else f"rise.{name}"
    return say.text(key) if say.has(key) else ""


def _changed(say: Catalogue, changes: Sequence[FactChange]) -> str:
    """What changed: what came in, and of the rest from what to what."""
    return say.form.comma.join(_change(say, change) for change in changes[:CHANGES])


def _change(say: Catalogue, change: FactChange) -> str:
    if change.fact == "chips":
        made = [
            say.text("rise.made_by", maker=maker, chip=chip_name(say, chip))
            if (maker := maker_of(chip))
            else chip_name(say, chip)
            for chip in change.after[:NAMED]
        ]
        return say.text("rise.chips_too", chips=say.form.write_list(made))
    if change.fact == "destinations":
        return say.text("rise.places_too", places=place_list(say, change.after))
    before, after = (_stated(say, change.fact, values) for values in (change.before, change.after))
    return say.text(f"rise.changed.{change.fact}", before=before, after=after)


def _stated(say: Catalogue, fact: str, values: Sequence[str]) -> str:
    """Values of a fact as the reader's language writes them."""
    if fact == "effective":
        return say.form.write_list([say.form.write_date(date.fromisoformat(day)) for day in values])
    if fact == "conditions":
        return say.form.write_list([say.text(f"rise.condition.{name}") for name in values])
    if fact == "amounts":
        return say.form.write_list([_amount(say, value) for value in values])
    return say.form.write_list([value.replace("tpp", "TPP").replace("pd", "PD") for value in values])


def _amount(say: Catalogue, value: str) -> str:
    if value.endswith(" chips"):
        return say.text("rise.amount_chips", n=int(float(value.removesuffix(" chips"))))
    return value.replace("%", say.text("rise.percent"))
