"""The redline in chat: the words that went struck and those that came bold, with an arrow and a sign, never by look
alone; the thresholds and dates above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.cards.card import Button, Card
from bot.cards.cutting import clean, cut_rich
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span, Style
from bot.redline.tables import BETWEEN_BARE, BETWEEN_HEADED

_JOINTS = (BETWEEN_HEADED, BETWEEN_BARE)

MOST_HUNKS = 4
MOST_CALLOUTS = 6
MOST_RUNS = 4
MOST_SECTIONS = 4
CONTEXT = 48
"""Characters of unchanged words that are shown before a change."""
WORDS = 160
PLACE = 160
"""Characters of a place; that of a table's row names its columns at the end."""
LINE_LIMIT = 440


def with_redlines(card: Card, records: Sequence[Mapping[str, Any]], language: str, story: str = "") -> Card:
    """A card of amended sections: what changed in the title, the call-outs and words as lines, the full text behind a
    button. `records` are those of `redline.record`, one a section."""
    say = catalogue(language)
    hunks = [hunk for record in records for hunk in record["hunks"]]
    lines = [_law(say, records), _callouts(say, hunks), *_pending(say, records)]
    lines += [redline_line(say, hunk) for hunk in hunks[:MOST_HUNKS]]
    more = sum(len(r["hunks"]) + r.get("left_out", 0) for r in records) - min(len(hunks), MOST_HUNKS)
    if more > 0:
        lines.append(say.say("redline.more", n=more))
    button = Button(say.text("redline.full"), "redline", (("story", story),)) if hunks else None
    return replace(
        card,
        title=say.say("redline.title", what=_title(say, records)),
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
        buttons=(*card.buttons[:-1], *((button,) if button else ()), *card.buttons[-1:]),
    )


def with_redlines_below(card: Card, records: Sequence[Mapping[str, Any]], language: str, story: str = "") -> Card:
    """A rule's card with what became of the Code below its own lines: the figures and a few paragraphs."""
    told = with_redlines(replace(card, lines=(), buttons=card.buttons), records, language, story)
    return replace(card, lines=(*card.lines, told.title, *told.lines[:MOST_HUNKS]), buttons=told.buttons)


def with_blocks(card: Card, hunks: Sequence[Mapping[str, Any]], language: str) -> Card:
    """A card of a web page's change with the blocks that are not as they were; the title quotes the first."""
    say = catalogue(language)
    shown = [redline_line(say, {**hunk, "where": hunk["where"] or "¶"}) for hunk in hunks[:MOST_HUNKS]]
    return replace(card, lines=(*card.lines, *(cut_rich(line, LINE_LIMIT) for line in shown if line)))


def redline_text(records: Sequence[Mapping[str, Any]]) -> str:
    """Whole redlines as plain text: [-what went-] and {+what came+}, a paragraph a line; for a file."""
    lines: list[str] = []
    for record in records:
        lines.append(
            f"{record.get('title')} CFR {record.get('section')}: {record.get('old_date')} -> {record.get('new_date')}"
        )
        for hunk in record.get("hunks", ()):
            words = "".join(_plain(operation, text) for operation, text in hunk["words"])
            lines.append(f"{hunk['kind']} {hunk['where']}: {words or hunk['new'] or hunk['old']}")
        lines.append("")
    return "\n".join(lines)


def _plain(operation: str, text: str) -> str:
    return f"[-{text}-]" if operation == "-" else f"{{+{text}+}}" if operation == "+" else text


def redline_line(say: Catalogue, hunk: Mapping[str, Any]) -> Rich:
    """One paragraph that is not as it was: its place, then the words with their marks."""
    where = clean(str(hunk["where"]), PLACE)
    kind = hunk["kind"]
    if kind == "changed":
        return say.say("redline.changed", where=where, words=_runs(hunk["words"], where.rpartition(" › ")[2]))
    text = clean(str(hunk["new"] or hunk["old"]), WORDS)
    return say.say(f"redline.{kind}", where=where, words=text)


def _runs(words: Sequence[Sequence[str]], column: str) -> Rich:
    """The changed runs of a paragraph with a few words before each: ~~old~~ → **new**, [+ **new**], [− ~~old~~]. The
    head of the `column` that the place names is not said again."""
    spans: list[Span] = []
    shown = 0
    at = 0
    while at < len(words) and shown < MOST_RUNS:
        operation, text = words[at]
        if operation == "=":
            if at + 1 < len(words) and not words[at + 1][1].startswith(_JOINTS):
                spans.append(Span(_tail(text).removeprefix(f"{column}: ")))
            at += 1
            continue
        gone, come = "", ""
        while at < len(words) and words[at][0] != "=":
            if words[at][0] == "-":
                gone += words[at][1]
            else:
                come += words[at][1]
            at += 1
        spans += _change(clean(_bare(gone), WORDS), clean(_bare(come), WORDS))
        shown += 1
    if any(operation != "=" for operation, _ in words[at:]):
        spans.append(Span(" …"))
    return tuple(spans)


def _change(gone: str, come: str) -> list[Span]:
    if gone and come:
        return [Span(gone, Style.STRIKE), Span(" → "), Span(come, Style.BOLD), Span(" ")]
    if come:
        return [Span("[+ "), Span(come, Style.BOLD), Span("] ")]
    return [Span("[− "), Span(gone, Style.STRIKE), Span("] ")] if gone else []


def _bare(text: str) -> str:
    """Changed words without what parts the cells of a table's row."""
    for joint in _JOINTS:
        text = text.removeprefix(joint).removesuffix(joint)
    return text


def _tail(text: str) -> str:
    """The last words of an unchanged run; of a table's row those of the cell that changes, whose head is among them."""
    for joint in _JOINTS:
        text = text.rpartition(joint)[2]
    shown = " ".join(text.split())
    if len(shown) > CONTEXT:
        shown = "… " + shown[-CONTEXT:].partition(" ")[2]
    return clean(shown, CONTEXT + 4) + " " if shown else ""


def _title(say: Catalogue, records: Sequence[Mapping[str, Any]]) -> str:
    cites = [
        say.text("redline.cite", title=clean(str(r["title"]), 8), section=clean(str(r["section"]), 60)) for r in records
    ]
    what = say.form.comma.join(cites[:MOST_SECTIONS])
    if len(cites) > MOST_SECTIONS:
        what = say.text("names.and_more", names=what, n=len(cites) - MOST_SECTIONS)
    if not any(record["hunks"] for record in records):
        key = "not_compared" if not all(record["compared"] for record in records) else "same_words"
        return say.text(f"redline.says.{key}", what=what)
    counts = [
        say.text(f"redline.count.{name}", n=n)
        for name in ("changed", "added", "removed", "moved")
        if (n := sum(record[name] for record in records))
    ]
    key = "amended" if any(record["substantive"] for record in records) else "edited"
    return say.text(f"redline.says.{key}", what=what, counts=say.form.comma.join(counts))


def _law(say: Catalogue, records: Sequence[Mapping[str, Any]]) -> Rich:
    new = max(str(record["new_date"]) for record in records)
    old = min((str(record["old_date"]) for record in records if record["old_date"]), default="")
    key = "law" if any(record["substantive"] for record in records) else "law_editorial"
    return say.say(f"redline.{key}", new=_day(say, new), old=_day(say, old))


def _callouts(say: Catalogue, hunks: Sequence[Mapping[str, Any]]) -> Rich:
    """Thresholds, dates and country groups, old beside new: 4800 → 5200, D:1 → removed."""
    found = dict.fromkeys(
        say.text("redline.callout.replaced", before=before, after=after)
        if before and after
        else say.text("redline.callout.gone", figure=before)
        if before
        else say.text("redline.callout.new", figure=after)
        for hunk in hunks
        for before, after in hunk["callouts"]
    )
    shown = [clean(text, 60) for text in list(found)[:MOST_CALLOUTS]]
    return say.say("redline.figures", figures=say.form.comma.join(shown)) if shown else ()


def _pending(say: Catalogue, records: Sequence[Mapping[str, Any]]) -> list[Rich]:
    links = list(dict.fromkeys(clean(str(link), 160) for record in records for link in record.get("pending", ())))
    return [say.say("redline.pending", link=link) for link in links[:2]]


def _day(say: Catalogue, day: str) -> str:
    try:
        return say.form.write_date(date.fromisoformat(day))
    except ValueError:
        return ""
