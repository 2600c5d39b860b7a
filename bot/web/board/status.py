"""The answer for one chip, one destination and one day, with its reason and its citations."""

from __future__ import annotations

from bot.cards.names import chip_name, place_name
from bot.cards.status import status_card
from bot.commands.pictures import clocks_picture
from bot.web.kept import KEPT
from bot.web.markup import drawing_of
from bot.web.pages import LANG, ON, Content, Takes, page
from bot.web.view import View

TAKES = (
    ON,
    Takes("known_on", "date", "only what was public by this day is used"),
    Takes("buyer_hq", "text", "where the buyer or its parent has its seat"),
    Takes("from", "text", "where it is shipped from, if not the United States"),
    Takes("end_user", "text", "the end user's name"),
    LANG,
)


@page("/status/{chip}/{place}", "status.html", takes=TAKES)
async def status(view: View) -> Content:
    """The export status of a chip for a destination on a day, with the reason and its citations."""
    answer = view.knowledge.status(
        view.part("chip"),
        view.part("place"),
        view.day(),
        known_on=view.optional_day("known_on"),
        buyer_hq=view.asked("buyer_hq") or None,
        shipped_from=view.asked("from") or None,
        end_user=view.asked("end_user") or None,
    )
    chip, place = answer.chip.name, answer.destination.code
    layers = [layer for layer in (answer.us_export, answer.destination_side) if layer]
    return Content(
        title=f"{chip_name(view.say, chip)} → {place_name(view.say, place)}",
        data=answer.json(),
        shown={
            "card": status_card(answer, view.language, today=view.today),
            "cited": list(dict.fromkeys(citation for layer in layers for citation in layer.citations)),
            "chip_name": chip_name(view.say, chip),
            "place_name": place_name(view.say, place),
            "drawing": KEPT.answer(
                view.knowledge,
                ("clocks", chip, place, view.language, answer.on),
                lambda: drawing_of(clocks_picture(view.knowledge, chip, place, view.language, asked=answer.on)),
            )
            if answer.us_export
            else None,
        },
    )
