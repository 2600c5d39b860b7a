"""The status card: the answer to "may this chip go there?", with the reason, both layers, what would change it, what is
still to check, and the ledger's age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.cards.answer import Answer, Cited, Layer, Sentence, answer_of
from bot.cards.card import Button, Card, Tone
from bot.cards.cutting import clean, cut_rich
from bot.cards.ledger_age import ledger_age, stands_first
from bot.cards.names import chip_name, event_title, place_name, recorded_reason
from bot.cards.quotation import safe_url
from bot.knowledge.statuses import StatusName, surface
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span

if TYPE_CHECKING:
    from bot.knowledge.status import Status
    from bot.knowledge.wording import Said

LINE_LIMIT = 440
CONDITIONS = 3
NOTES = 3
ASIDES = 2
REPORTED = 2
CITATIONS = 4
LEARNT_LATER, LEDGERS_END = "note.learnt_later", "note.beyond_ledger"


def status_card(
    answer: Mapping[str, Any] | Status,
    language: str = "en",
    *,
    today: date,
    reported_since: Sequence[Mapping[str, Any]] = (),
    asides: Sequence[Said] = (),
    lead: Sequence[Rich] = (),
) -> Card:
    """The card of a status answer. `today` (UTC) is the day on which it is asked.

    `answer` is the knowledge's own, or the command line's JSON, whose sentences stay English in every language.
    `reported_since` (`title`, `url`, `source`, `at`) is what publishers have said since; it changes no status.
    `asides` are the sentences that the words of a question ask for (`bot.knowledge.asides`), `lead` what is said before
    the answer: how the question was read.
    """
    say, found = catalogue(language), answer_of(answer, reported_since)
    age, outdated = ledger_age(say, found.ledger_as_of, today), stands_first(found.ledger_as_of, today)
    lines = [
        age if outdated else (),
        *lead,
        *_branches(say, found),
        _why(say, found),
        _side(say, found),
        *(say.say("status.condition", words=sentence(say, words)) for words in found.conditions[:CONDITIONS]),
        *(say.say("status.condition", words=sentence(say, Sentence.of(said))) for said in asides[:ASIDES]),
        *_notes(say, found),
        *_reported(say, found.reported_since),
        say.say(f"status.to_check.{'export' if found.export else 'domestic'}"),
    ]
    footer = [_figures(say, found), () if outdated else age, _sources(say, found)]
    return Card(
        title=cut_rich(_title(say, found, today), LINE_LIMIT),
        tone=Tone.ANSWER,
        language=say.language,
        marks=_marks(say, found),
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
        footer=tuple(cut_rich(line, LINE_LIMIT) for line in footer if line),
        buttons=_buttons(say, found),
    )


def sentence(say: Catalogue, words: Sentence) -> str:
    """A sentence of the knowledge in the reader's language; English where the catalogue has none."""
    key = f"wording.{words.key}"
    if words.key == "reason.recorded" and (reason := recorded_reason(say, words.text)) != words.text:
        return reason
    if say.language == "en" or not words.key or not say.has(key):
        return words.text
    told = {name: place_name(say, str(words.values[name])) for name in words.places}
    if "event" in words.values:
        told["event"] = event_title(say, str(words.values["event"]))
    return say.text(key, **{**words.values, **told})


def surface_word(say: Catalogue, status: str) -> str:
    """Which of the five words people see for a status."""
    try:
        word = surface(StatusName(status))
    except ValueError:
        word = "unclear"
    return say.text(f"status.word.{word}")


def _title(say: Catalogue, found: Answer, today: date) -> Rich:
    key = f"status.says.{found.export.status}" if found.export else "status.says.none"
    return say.say(
        "status.title",
        chip=chip_name(say, found.chip),
        place=place_name(say, found.destination),
        buyer=_buyer(say, found.buyer_hq) if found.buyer_hq else "",
        origin=say.text("status.origin", place=place_name(say, found.shipped_from)) if found.shipped_from else "",
        user=say.text("status.user", name=clean(found.end_user, 60)) if found.end_user else "",
        when=_when(say, found, today),
        says=say.text(say.first(key, "status.says.other")),
    )


def _buyer(say: Catalogue, code: str) -> str:
    return say.text(say.first(f"status.buyer_of.{code}", "status.buyer"), place=place_name(say, code))


def _when(say: Catalogue, found: Answer, today: date) -> str:
    if found.known_on is not None:
        if found.known_on == found.on:
            return say.text("status.when.known_then", day=found.on)
        return say.text("status.when.known_on", day=found.on, known=found.known_on)
    return say.text("status.when.today") if found.on == today else say.text("status.when.on", day=found.on)


def _marks(say: Catalogue, found: Answer) -> Rich:
    if found.export is None:
        return say.say("status.marks", word=say.text("status.word.none_known"), confidence="")
    confidence = say.text(say.first(f"status.confidence.{found.export.confidence}", "status.confidence.uncertain"))
    return say.say("status.marks", word=surface_word(say, found.export.status), confidence=confidence)


def _branches(say: Catalogue, found: Answer) -> list[Rich]:
    return [
        say.say(
            "status.branch",
            condition=sentence(say, condition),
            status=say.text(say.first(f"status.says.{status}", "status.says.other")),
        )
        for condition, status in found.branches
    ]


def _notes(say: Catalogue, found: Answer) -> list[Rich]:
    """What else belongs to the answer; what was learnt later in one line. The ledger's end stands with its age."""
    later = [words for words in found.notes if words.key == LEARNT_LATER]
    others = [words for words in found.notes if words.key not in (LEARNT_LATER, LEDGERS_END)]
    lines = [say.say("status.note", words=sentence(say, words)) for words in others[:NOTES]]
    if later:
        events = [_learnt(say, words) for words in later[:NOTES]]
        lines.append(say.say("status.learnt_later", events="; ".join(events)))
    return lines


def _learnt(say: Catalogue, words: Sentence) -> str:
    title = event_title(say, str(words.values["event"]))
    return say.text("status.learnt", event=clean(title, 160), day=words.values["day"])


def _why(say: Catalogue, found: Answer) -> Rich:
    layer = found.export
    if layer is None:
        return ()
    return say.say("status.why", reason=sentence(say, layer.reason), **_times(layer))


def _side(say: Catalogue, found: Answer) -> Rich:
    place, layer = place_name(say, found.destination), found.side
    if layer is None:
        return say.say("status.side_none", place=place)
    says = say.text(say.first(f"status.says.{layer.status}", "status.says.other"))
    return say.say("status.side", place=place, says=says, reason=sentence(say, layer.reason), **_times(layer))


def _times(layer: Layer) -> dict[str, object]:
    return {"since": layer.since or "", "until": layer.until or ""}


def _reported(say: Catalogue, found: Sequence[Mapping[str, Any]]) -> list[Rich]:
    """What was said since: beside the status, never in it."""
    lines = []
    for report in found[:REPORTED]:
        quote = say.form.quote.format(text=clean(str(report.get("title") or ""), 160))
        lines.append(
            say.say(
                "status.reported",
                quote=(Span(quote, url=safe_url(report.get("url"))),),
                source=clean(str(report.get("source") or ""), 48),
                day=str(report.get("at") or report.get("published") or "")[:10],
            )
        )
    return lines


def _figures(say: Catalogue, found: Answer) -> Rich:
    """The figures behind a classification, for whoever wants to check it."""
    if found.tpp is None and found.paragraph is None:
        return ()
    paragraph = "" if found.paragraph in (None, "undetermined") else found.paragraph
    return say.say("status.figures", tpp=found.tpp, pd=found.pd, paragraph=paragraph)


def _sources(say: Catalogue, found: Answer) -> Rich:
    cited = _cited(found)
    spans: list[Span] = []
    for citation in cited[:CITATIONS]:
        day = say.text("status.cited_day", day=citation.day) if citation.day else ""
        spans += [Span(" · "), Span(clean(citation.title, 64), url=safe_url(citation.url)), Span(day)]
    if len(cited) > CITATIONS:
        spans.append(Span(f" +{len(cited) - CITATIONS}"))
    return say.say("status.sources", sources=tuple(spans[1:])) if spans else ()


def _cited(found: Answer) -> list[Cited]:
    """Every citation once, those of the exporter's law first."""
    layers = [layer for layer in (found.export, found.side) if layer]
    return list(dict.fromkeys(citation for layer in layers for citation in layer.citations))


def _buttons(say: Catalogue, found: Answer) -> tuple[Button, ...]:
    asked = [("chip", found.chip), ("destination", found.destination), ("date", found.on.isoformat())]
    others = [("buyer", found.buyer_hq), ("from", found.shipped_from), ("end-user", found.end_user)]
    asked += [(name, value) for name, value in others if value]
    buttons = []
    if found.branches and not found.buyer_hq:
        buttons.append(Button(say.text("button.chinese_buyer"), "status", (*asked, ("buyer", "CN"))))
    buttons.append(Button(say.text("button.other_date"), "status_on", tuple(asked)))
    number = len(_cited(found))
    if number:
        buttons.append(Button(say.text("button.sources", n=number), "citations", tuple(asked)))
    return tuple(buttons)
