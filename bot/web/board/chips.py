"""The chips: the list of them, and a page for each with its numbers, its class, where it stands and what happened."""

from __future__ import annotations

from typing import Any, NamedTuple

from bot.cards.charts.look import MARKS
from bot.cards.names import chip_name, place_name
from bot.commands.pictures import limits_picture, timeline_picture
from bot.commands.pictures.figures import shown
from bot.knowledge.chips import Chip
from bot.knowledge.entry import citation_json
from bot.knowledge.ledger import names_of
from bot.web.board.events import event_row
from bot.web.board.matrix import cell_of, word_of
from bot.web.board.stories import rows_about
from bot.web.kept import KEPT
from bot.web.markup import Drawing, drawing_of, status_path
from bot.web.pages import LANG, ON, Content, page
from bot.web.view import View


class _Place(NamedTuple):
    """A destination with the exact status, and with the word that people see for it."""

    code: str
    status: str | None
    word: str


@page("/chips", "chips.html", takes=(LANG,))
async def chips(view: View) -> Content:
    """Every chip that is known, by maker."""
    rows = [_summary(chip) for chip in view.knowledge.chips.values()]
    makers = list(dict.fromkeys(row["vendor"] for row in rows))
    return Content(
        title=view.text("board.chips.title"),
        data={"chips": rows},
        shown={"makers": [(maker, [row for row in rows if row["vendor"] == maker]) for maker in makers]},
    )


@page("/chips/{chip}", "chip.html", takes=(ON, LANG))
async def chip(view: View) -> Content:
    """One chip: its numbers, its class, its status for each destination, its timeline and its stories."""
    found, day = view.knowledge.chips.find(view.part("chip")), view.day()
    places = [_Place(code, *cell_of(view.knowledge, found, code, day)) for code in shown("matrix", "destinations")]
    events = view.knowledge.ledger.about(chip=names_of(found))
    paragraph = view.knowledge.status(found, "CN", day).classification.json()
    name = chip_name(view.say, found.name)
    return Content(
        title=name,
        data={
            **_summary(found),
            "full_name": found.full_name or found.name,
            "aliases": {language: list(words) for language, words in found.aliases.items()},
            "dense_tops": dict(found.dense_tops),
            "figures": {
                "die_area_mm2": found.die_area_mm2,
                "die_area_estimated": found.die_area_estimated,
                "memory": found.memory,
                "bandwidth_gb_s": found.bandwidth_gb_s,
                "interconnect_gb_s": found.interconnect_gb_s,
            },
            "classification": paragraph,
            "confidence": found.confidence,
            "sources": [citation_json(source) for source in found.sources],
            "on": day.isoformat(),
            "status": {row.code: row.status for row in places},
            "events": [event_row(event) for event in reversed(events)],
            "stories": await rows_about(view, chip=found.name),
        },
        shown={
            "name": name,
            "places": [
                {
                    "word": row.word,
                    "name": place_name(view.say, row.code),
                    "mark": MARKS[row.word],
                    "says": word_of(view, row.word),
                    "path": status_path(found.name, row.code),
                }
                for row in places
            ],
            "day_on": day,
            "drawings": KEPT.answer(
                view.knowledge, ("drawings", found.name, view.language), lambda: _drawings(view, found)
            ),
            "note": found.note if view.language == "en" else "",
        },
    )


def _drawings(view: View, chip: Chip) -> list[Drawing]:
    known, language = view.knowledge, view.language
    specs = [timeline_picture(known, chip.name, ("CN",), language)]
    specs += [limits_picture(known, language, asked=chip.name)] if chip.figures.tpp else []
    return [drawing_of(spec) for spec in specs]


def _summary(chip: Chip) -> dict[str, Any]:
    return {
        "name": chip.name,
        "vendor": chip.vendor,
        "family": chip.family,
        "released": chip.released,
        "tpp": chip.figures.tpp,
        "for_china": chip.for_china,
        "kind": chip.kind,
    }
