"""The rules that decide: the paragraphs of 3A090 with their limits on a day, the chips that meet each, and every
provision that an answer can rest on; and the redlines of what was amended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.clock import iso
from bot.knowledge.classify import limits
from bot.knowledge.library import Knowledge
from bot.knowledge.performance import performance
from bot.knowledge.provision import HBM_2024, JANUARY_2026, PROVISIONS, RULE_2022, RULE_2023, Provision, Standpoint
from bot.knowledge.status import citation_json, classified
from bot.store import redlines as kept
from bot.web.pages import LANG, ON, Content, page
from bot.web.view import View

MEMORY = "3A090.c"
WINDOW = "742.6(b)(10)(iii)"
"""Whose limits a chip must stay under; those of every other paragraph are reached from below."""
OF_PARAGRAPH: Mapping[str, Provision] = {"3A090 (2022)": RULE_2022, MEMORY: HBM_2024, WINDOW: JANUARY_2026}


@page("/rules", "rules.html", takes=(ON, LANG))
async def rules(view: View) -> Content:
    """The paragraphs that decide on a day with their limits, the chips that meet them, and the law behind them."""
    day = view.day()
    rows = paragraphs(view.knowledge, Standpoint(day))
    return Content(
        title=view.text("board.rules.title"),
        data={
            "on": day.isoformat(),
            "paragraphs": rows,
            "provisions": [
                {
                    "id": each.id,
                    "name": each.name,
                    "begins": each.begins.isoformat(),
                    "public_from": each.public_from.isoformat(),
                    "in_force": each.begins <= day,
                    "confidence": each.confidence,
                    "citations": [citation_json(citation) for citation in each.citations],
                }
                for each in sorted(PROVISIONS, key=lambda each: (each.begins, each.id))
            ],
        },
        shown={"day_on": day},
    )


def paragraphs(knowledge: Knowledge, view: Standpoint) -> list[dict[str, Any]]:
    """Each paragraph in force with its limits, its first citation, and the chips of the catalogue that meet it."""
    if not view.holds(RULE_2022):
        return []
    found: dict[str, list[dict[str, Any]]] = {}
    for limit in limits(performance({}, None), view):
        found.setdefault(limit.paragraph, []).append({"measure": limit.measure, "limit": limit.limit})
    if view.holds(HBM_2024):
        found[MEMORY] = []
    meets: dict[str, list[str]] = {}
    for chip in knowledge.chips.values():
        stands = classified(chip, view)
        meets.setdefault(str(stands.paragraph), []).append(chip.name)
    return [
        {
            "paragraph": name,
            "limits": [{**each, "at_least": name != WINDOW} for each in measures],
            "chips": meets.get(name, []),
            "citations": [citation_json(c) for c in OF_PARAGRAPH.get(name, RULE_2023).citations],
        }
        for name, measures in found.items()
    ]


@page("/redlines", "redlines.html", takes=(LANG,))
async def redlines(view: View) -> Content:
    """What was amended, word by word, the newest first."""
    rows = await view.services.store.read(kept.newest)
    return Content(view.text("board.redlines.title"), {"redlines": [_summary(row) for row in rows]})


@page("/redlines/{change}", "redline.html", takes=(LANG,))
async def redline(view: View) -> Content:
    """One amended text: every paragraph that is not as it was."""
    number = view.part("change")
    known = number.isascii() and number.isdigit() and len(number) < 12
    row = await view.services.store.read(lambda conn: kept.one(conn, int(number))) if known else None
    if row is None:
        raise web.HTTPNotFound
    hunks = [_hunk(each) for each in row.redline.get("hunks", ())]
    return Content(
        title=str(row.redline.get("section") or row.title),
        data={**_summary(row), "hunks": hunks},
        shown={"name": row.title},
    )


def _summary(row: kept.Amended) -> dict[str, Any]:
    record = row.redline
    return {
        "change": row.change,
        "at": iso(row.at),
        "title": row.title,
        "url": row.url,
        "source": row.source,
        "story": row.story,
        "section": str(record.get("section") or ""),
        "compared": record.get("compared") is not False,
        **{name: int(record.get(name) or 0) for name in ("added", "removed", "changed", "moved", "left_out")},
    }


def _hunk(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": str(record.get("kind") or "changed"),
        "where": str(record.get("where") or ""),
        "old": str(record.get("old") or ""),
        "new": str(record.get("new") or ""),
        "words": [[str(operation), str(text)] for operation, text in record.get("words") or ()],
    }
