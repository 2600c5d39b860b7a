"""The first page: the main chips against the main destinations on a day, in an order that is always the same."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from bot.cards.charts.look import MARKS
from bot.cards.names import chip_name, place_name
from bot.commands.pictures.figures import shown
from bot.commands.pictures.stretches import labels_of
from bot.knowledge.chips import Chip
from bot.knowledge.event import Layer
from bot.knowledge.library import Knowledge
from bot.knowledge.statuses import surface
from bot.web.kept import KEPT
from bot.web.markup import status_path
from bot.web.pages import LANG, ON, Content, Takes, page
from bot.web.view import View

CHIP = Takes("chip", "text", "a chip that stands in a row of its own below the others")
NONE_KNOWN = "none_known"


@page("/", "matrix.html", takes=(ON, CHIP, LANG))
async def matrix(view: View) -> Content:
    """The US export status of the main chips for the main destinations on a day, for chip and country alone."""
    day = view.day()
    wanted = view.knowledge.chips.find(view.asked("chip")).name if view.asked("chip") else ""
    chips = list(shown("matrix", "chips"))
    chips += [wanted] if wanted and wanted not in chips else []
    places = shown("matrix", "destinations")
    rows = [_row(view, view.knowledge.chips[name], places, day) for name in chips]
    first = view.knowledge.ledger.begins
    return Content(
        title=view.text("board.matrix.title"),
        data={
            "on": day.isoformat(),
            "ledger_as_of": view.knowledge.ledger.as_of.isoformat(),
            "destinations": list(places),
            "rows": [
                {"chip": row["chip"], "status": {cell["place"]: cell["status"] for cell in row["cells"]}}
                for row in rows
            ],
        },
        shown={
            "grid": rows,
            "places": [(code, place_name(view.say, code)) for code in places],
            "day_on": day,
            "first": first,
            "days": (view.today - first).days,
            "at": (day - first).days,
            "wanted": wanted,
            "words": [(word, MARKS[word], word_of(view, word)) for word in _used(rows)],
        },
    )


def _row(view: View, chip: Chip, places: tuple[str, ...], day: date) -> dict[str, Any]:
    cells = []
    for place in places:
        status, word = cell_of(view.knowledge, chip, place, day)
        question = ("cell", chip.name, place, status, word, view.language)
        cells.append(KEPT.answer(view.knowledge, question, partial(_cell, view, chip.name, place, status, word)))
    return {"chip": chip.name, "name": chip_name(view.say, chip.name), "cells": cells}


def _cell(view: View, chip: str, place: str, status: str | None, word: str) -> dict[str, Any]:
    return {
        "place": place,
        "status": status,
        "word": word,
        "mark": MARKS[word],
        "path": status_path(chip, place),
        "says": f"{chip_name(view.say, chip)} → {place_name(view.say, place)}: " + word_of(view, word),
    }


def cell_of(knowledge: Knowledge, chip: Chip, place: str, day: date) -> tuple[str | None, str]:
    """The exact status of the exporter's layer (None: no question of US law) and the word that people see for it.

    Looked up in the lane of chip and place, which is worked out once for each ledger: a visitor who moves through time
    asks for hundreds of them a day. Raises UserError for a day before the ledger begins.
    """
    if day < knowledge.ledger.begins:
        knowledge.status(chip, place, day)  # says so
    lane = KEPT.answer(knowledge, ("lane", chip.name, place), lambda: knowledge.lanes(chip, place)[Layer.US_EXPORT])
    layer = next((each for each in lane if each.since <= day and (each.until is None or day < each.until)), None)
    return (str(layer.name), surface(layer.name)) if layer else (None, NONE_KNOWN)


def word_of(view: View, word: str) -> str:
    """One of the five words, or that none is known, as the pictures say it."""
    return labels_of(view.language).text(f"status.{word}")


def _used(rows: list[dict[str, Any]]) -> list[str]:
    seen = {cell["word"] for row in rows for cell in row["cells"]}
    return [word for word in MARKS if word in seen]
