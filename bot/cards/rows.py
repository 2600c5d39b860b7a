"""The change of a screening list as a card: how many came, went and changed, from where, and which concern AI chips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cards.card import Button, Card
from bot.cards.cutting import clean, cut_rich
from bot.cards.names import place_name
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span

MOST_COUNTRIES = 4
MOST_NAMES = 5
MOST_NOTICES = 3
NAME_LIMIT = 60
LINE_LIMIT = 440
KNOWN_LISTS = ("EL", "MEU", "UVL", "DPL")


def with_rows(card: Card, record: Mapping[str, Any], language: str, story: str = "") -> Card:
    """A card of a list's change, from `pipeline.rolls.rows_record`. The rows themselves are a CSV behind a button."""
    say = catalogue(language)
    rows: Sequence[Mapping[str, Any]] = record["rows"]
    lines = [_chips(say, record), _terms(say, rows), _savings(say, record), _citation(say, rows)]
    buttons = (Button(say.text("rows.csv"), "rows", (("story", story),)),)
    return replace(
        card,
        title=say.say(
            "rows.title", list=list_name(say, record), counts=_counts(say, record), places=_places(say, rows)
        ),
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
        buttons=(*card.buttons[:-1], *buttons, *card.buttons[-1:]),
    )


def list_name(say: Catalogue, record: Mapping[str, Any]) -> str:
    """A list by the name that readers of the language use; one that the catalogue does not know as it is printed."""
    code = str(record["list"])
    return say.text(f"rows.list.{code}") if code in KNOWN_LISTS else clean(str(record.get("title") or code), 80)


def chip_reason(say: Catalogue, reason: str) -> str:
    """Why a row concerns AI chips, in a few words."""
    kind, _, what = reason.partition(":")
    return say.text(f"rows.why.{kind}", what=clean(what, 40))


def _counts(say: Catalogue, record: Mapping[str, Any]) -> str:
    """+12, none removed, none changed."""
    words = [say.text("rows.count.added", n=n) if (n := record["added"]) else say.text("rows.count.none_added")]
    for name in ("removed", "changed"):
        n = record[name]
        words.append(say.text(f"rows.count.{name}", n=n) if n else say.text(f"rows.count.none_{name}"))
    return say.form.comma.join(words)


def _places(say: Catalogue, rows: Sequence[Mapping[str, Any]]) -> str:
    """11 China, 1 Taiwan: where those that were added sit, by their first address; else all that changed."""
    told = [row for row in rows if row["op"] == "added"] or rows
    seats = Counter(str((row.get("countries") or ("",))[0]) for row in told)
    unknown = seats.pop("", 0)
    ranked = sorted(seats.items(), key=lambda seat: (-seat[1], seat[0]))
    shown = [say.text("rows.seat", n=n, place=place_name(say, code)) for code, n in ranked[:MOST_COUNTRIES]]
    rest = sum(n for _, n in ranked[MOST_COUNTRIES:]) + unknown
    if rest and shown:
        shown.append(say.text("rows.elsewhere", n=rest))
    return say.form.comma.join(shown)


def _chips(say: Catalogue, record: Mapping[str, Any]) -> Rich:
    telling = [row for row in record["rows"] if row["chips"] is not None]
    total = record["added"] + record["removed"] + record["changed"]
    if not telling:
        return say.say("rows.chips_none")
    shown = [
        say.text("rows.named", name=clean(str(row["name"]), NAME_LIMIT), why=chip_reason(say, str(row["chips"])))
        for row in telling[:MOST_NAMES]
    ]
    names = say.form.comma.join(shown)
    if record["chips"] > len(shown):
        names = say.text("names.and_more", names=names, n=record["chips"] - len(shown))
    if record["chips"] == total:
        return say.say("rows.chips_all", n=total, names=names)
    return say.say("rows.chips_some", n=record["chips"], total=total, names=names)


def _terms(say: Catalogue, rows: Sequence[Mapping[str, Any]]) -> Rich:
    """Licence requirement and review policy where all that were added and concern chips have the same."""
    told = [row for row in rows if row["op"] == "added" and row["chips"] is not None]
    found = []
    for name in ("requirement", "policy"):
        values = {str(row.get(name, "")).rstrip(". ") for row in told} - {""}
        found.append(clean(values.pop(), 160) if len(values) == 1 else "")
    if not any(found):
        return ()
    return say.say("rows.terms", requirement=found[0], policy=found[1])


def _savings(say: Catalogue, record: Mapping[str, Any]) -> Rich:
    """What holds for goods already under way: the date as the notice prints it, or that it stands there."""
    if record["list"] != "EL" or not record["added"] + record["changed"]:
        return ()
    day = record.get("savings")
    return say.say("rows.savings", day=clean(str(day), 40)) if day else say.say("rows.savings_in_notice")


def _citation(say: Catalogue, rows: Sequence[Mapping[str, Any]]) -> Rich:
    notices = Counter(
        notice.strip()
        for row in rows
        if row["op"] == "added"
        for notice in str(row.get("notice", "")).replace(",", ";").split(";")
        if notice.strip()
    )
    shown = [clean(notice, 40) for notice, _ in notices.most_common(MOST_NOTICES)]
    if not shown:
        return ()
    more = say.text("rows.more_notices", n=len(notices) - len(shown)) if len(notices) > len(shown) else ""
    return say.say("rows.cited", notices=say.form.comma.join(shown), more=more)


def watch_line(say: Catalogue, total: int, hits: Sequence[Mapping[str, Any]]) -> Rich:
    """Your list (38 names): 1 close match. For the owner of the list alone. `hits` have `asked`, `name`, `score`."""
    shown = [
        say.text("rows.hit", asked=clean(str(hit["asked"]), NAME_LIMIT), name=clean(str(hit["name"]), NAME_LIMIT),
                 score=round(float(hit["score"]) * 100))
        for hit in hits[:MOST_NAMES]
    ]  # fmt: skip
    names = say.form.comma.join(shown)
    if len(hits) > len(shown):
        names = say.text("names.and_more", names=names, n=len(hits) - len(shown))
    return say.say("rows.watched", n=total, matches=say.text("rows.matches", n=len(hits)), names=names)


def with_watch_hits(card: Card, total: int, hits: Sequence[Mapping[str, Any]], language: str) -> Card:
    """A card for the owner of a watch list of `total` names: what on it the change touches, above the citation."""
    if not hits:
        return card
    line: tuple[Span, ...] = cut_rich(watch_line(catalogue(language), total, hits), LINE_LIMIT)
    return replace(card, lines=(*card.lines[:-1], line, *card.lines[-1:]))
