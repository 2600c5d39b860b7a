"""What this installation said: the chained rows of the evidence by day and one by one, with all but who asked and about
whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from aiohttp import web

from bot.cards.headline import of_facts, subject
from bot.cards.law import LawLine
from bot.cards.names import chip_name, place_name
from bot.clock import iso, span_of
from bot.errors import UserError
from bot.knowledge.statuses import surface
from bot.store import evidence
from bot.store.engine import Connection
from bot.store.records import assessment_of
from bot.web.board.matrix import word_of
from bot.web.kept import LASTING
from bot.web.pages import LANG, Content, Takes, page
from bot.web.view import View

SHOWN = 100
LONGEST_NUMBER = 16
TAKES = (
    Takes("day", "date", "the day, in UTC; today where it is left out"),
    Takes("chip", "text", "only answers about this chip"),
    Takes("to", "text", "with `chip`: only answers about this destination"),
    Takes("story", "text", "only revisions of this story"),
    Takes("after", "integer", "rows after this number: the next page"),
    LANG,
)


@page("/record", "record.html", takes=TAKES)
async def record(view: View) -> Content:
    """Every alert and answer of a day in its order, each with its hash and that of the row before."""
    day = view.day("day")
    begins, ends = span_of(day)
    subject, after = _subject(view), _after(view)

    def read(conn: Connection) -> tuple[list[evidence.Row], datetime | None, int]:
        rows = evidence.said(conn, begins, ends, subject, after, SHOWN + 1)
        return rows, evidence.begins_at(conn), evidence.length(conn)

    rows, first, length = await view.services.store.read(read)
    more = len(rows) > SHOWN
    return Content(
        title=view.text("board.record.title"),
        data={
            "date": day.isoformat(),
            "begins": iso(first),
            "rows_in_all": length,
            "rows": [row_json(row) for row in rows[:SHOWN]] if view.json else [],
            "next": rows[SHOWN - 1].number if more else None,
        },
        shown={
            "day_on": day,
            "first": first.date() if first else None,
            "before": day - timedelta(days=1) if first and first.date() < day else None,
            "later": day + timedelta(days=1) if day < view.today else None,
            "said": [] if view.json else [_shown(view, row) for row in rows[:SHOWN]],
        },
    )


@page("/record/{number}", "record_row.html", takes=(LANG,))
async def record_row(view: View) -> Content:
    """One row of the record, whole: what was said, on which documents and which ledger, and the hash over all of it."""
    number = view.part("number")
    known = number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER
    row = await view.services.store.read(lambda conn: evidence.one(conn, int(number))) if known else None
    if row is None:
        raise web.HTTPNotFound
    data = row_json(row)
    whole = orjson.dumps(orjson.loads(orjson.dumps(data["record"])), option=orjson.OPT_INDENT_2).decode()
    return Content(
        title=view.text("board.record.number", n=row.number),
        data=data if view.json else {},  # its `number` would stand in the way of the one that writes numbers
        shown={"row": data, "said": _shown(view, row), "day_on": row.at.date(), "whole": whole},
    )


def _subject(view: View) -> tuple[str, bool] | None:
    """What rows are filed under, whole or its beginning; None for all."""
    if view.asked("story"):
        return view.asked("story"), True
    if not view.asked("chip"):
        return None
    chip = view.knowledge.chips.find(view.asked("chip")).name
    if not view.asked("to"):
        return evidence.subject_of(chip, ""), False
    return evidence.subject_of(chip, view.knowledge.countries.find(view.asked("to")).code), True


def _after(view: View) -> int:
    text = view.asked("after")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER):
        raise UserError("errors.no_number", option="after", text=text[:40])
    return int(text)


def row_json(row: evidence.Row) -> dict[str, Any]:
    """A row as JSON. The digest of a named end user, which could be guessed at, stays with the operators."""
    record: Any = orjson.Fragment(row.record)
    if '"end_user":' in row.record:
        record = orjson.loads(row.record)
        if "end_user" in record.get("asked", {}):
            record["asked"]["end_user"] = None
    return {
        "number": row.number,
        "at": iso(row.at),
        "kind": row.kind,
        "subject": row.subject,
        "record": record,
        "previous": row.previous,
        "hash": row.hash,
    }


def _shown(view: View, row: evidence.Row) -> dict[str, Any]:
    return LASTING.answer(("line", row.hash, view.language), lambda: _line(view, row))


def _line(view: View, row: evidence.Row) -> dict[str, Any]:
    """A row as a line of the page."""
    record = orjson.loads(row.record)
    shown = {
        "number": row.number,
        "at": row.at,
        "kind": row.kind,
        "hash": row.hash,
        "ledger": record.get("ledger", {}).get("version", ""),
    }
    if row.kind == "answer":
        asked = record["asked"]
        layer = record["said"].get("layers", {}).get("us_export")
        word = surface(layer["status"]) if layer else "none_known"
        title = f"{chip_name(view.say, asked['chip'])} → {place_name(view.say, asked['destination'])}"
        days = {name: asked[name] for name in ("on", "known_on") if asked.get(name)}
        return {**shown, "title": title, "says": word_of(view, word), "days": days, "story": ""}
    return {
        **shown,
        "title": _headline(view, record),
        "says": "",
        "days": {},
        "story": row.subject,
        "op": record.get("op", "post"),
        "documents": len(record.get("documents", ())),
    }


def _headline(view: View, record: Mapping[str, Any]) -> str:
    """What an alert said in a line, from the facts and the law of the record: not what the story says now."""
    facts = assessment_of(record["facts"])
    says = of_facts(view.say, facts, [LawLine.of(line) for line in record["law"]])
    return says or " · ".join(filter(None, (subject(view.say, facts), view.text(f"names.account.{facts.kind}"))))
