"""The ledger: the dated acts and words on which every answer rests, and a page for each."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.cards.names import event_title, place_name
from bot.clock import iso
from bot.knowledge.entry import event_json
from bot.knowledge.event import Event
from bot.knowledge.ledger import names_of
from bot.web.pages import LANG, Content, Takes, page
from bot.web.view import View

TAKES = (
    Takes("chip", "text", "only events on this chip"),
    Takes("to", "text", "only events on this destination"),
    Takes("kind", "text", "only events of this kind"),
    Takes("from", "date", "announced then or later"),
    Takes("until", "date", "announced before this day"),
    LANG,
)


@page("/ledger", "ledger.html", takes=TAKES)
async def ledger(view: View) -> Content:
    """The ledger's events, the newest first, each with its citations."""
    known = view.knowledge
    chip, to, kind = view.asked("chip"), view.asked("to"), view.asked("kind")
    events = known.ledger.about(
        chip=names_of(known.chips.find(chip)) if chip else None,
        destination=known.countries.find(to).code if to else None,
        since=view.optional_day("from"),
        until=view.optional_day("until"),
    )
    found = [event_row(event) for event in reversed(events) if not kind or event.kind == kind]
    return Content(
        title=view.text("board.ledger.title"),
        data={
            "version": known.ledger.version,
            "as_of": known.ledger.as_of.isoformat(),
            "sha256": known.ledger.digest,
            "events": found,
        },
        shown={"kinds": sorted({event.kind for event in known.ledger.events})},
    )


@page("/ledger/{event}", "event.html", takes=(LANG,))
async def event(view: View) -> Content:
    """One event of the ledger: what was done, by whom, from when, and where it can be read."""
    found = view.knowledge.ledger.get(view.part("event"))
    if found is None:
        raise web.HTTPNotFound
    later = view.knowledge.ledger.later(
        found, "promises", "fulfils", "suspends", "extends", "corrects", "rescinds", "ends"
    )
    return Content(
        title=event_title(view.say, found.title),
        data={
            **event_row(found),
            "summary": found.summary,
            "note": found.note,
            "effects": [
                {
                    "layer": str(effect.layer),
                    "status": effect.status,
                    "chips": list(effect.chips),
                    "destinations": list(effect.destinations),
                    "begins": effect.begins.isoformat(),
                    "ends": iso(effect.ends),
                    "reason": effect.reason,
                }
                for effect in found.effects
            ],
            "links": [{"relation": link.relation, "event": link.event} for link in found.links],
            "later": [{"event": other.id, "title": other.title, "announced": iso(other.announced)} for other in later],
        },
        shown={
            "recorded_title": found.title,
            "titles": {
                link.event: other.title for link in found.links if (other := view.knowledge.ledger.get(link.event))
            },
            "places": [place_name(view.say, code) for code in found.destinations if len(code) == 2],
        },
    )


def event_row(event: Event) -> dict[str, Any]:
    """An event as JSON, and whether it is only foreseen."""
    return {**event_json(event), "scheduled": event.scheduled}
