"""The button "Sources" under a status: every citation that it stands on, with its day and address."""

from __future__ import annotations

from datetime import date

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.cards.names import chip_name, place_name
from bot.cards.quotation import safe_url
from bot.commands.ask import Ask
from bot.commands.kinds import ChipName, Day, Destination, Name
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue
from bot.locale.rich import Span


@command("alert", "citations", action=True)
async def citations(
    ask: Ask,
    chip: ChipName,
    destination: Destination,
    date_: Day | None = None,
    buyer: Destination | None = None,
    from_: Destination | None = None,
    end_user: Name | None = None,
    known_on: Day | None = None,
) -> Reply:
    """The acts behind an answer, those of the exporter's law first, and the exact name of each status."""
    say, day = catalogue(ask.language), date_ or ask.today
    found = ask.knowledge.status(
        chip, destination, day, known_on=known_on, buyer_hq=buyer, shipped_from=from_, end_user=end_user
    )
    layers = [layer for layer in (found.us_export, found.destination_side) if layer]
    cited = dict.fromkeys(citation for layer in layers for citation in layer.citations)
    lines = [
        say.say(
            "citations.line",
            title=(Span(clean(each.title, 200), url=safe_url(each.url)),),
            day=each.date if isinstance(each.date, date) else clean(str(each.date or ""), 12),
        )
        for each in cited
    ]
    names = [say.say("citations.exact", name=str(layer.name), confidence=layer.confidence) for layer in layers]
    title = say.say(
        "citations.title",
        chip=chip_name(say, found.chip.name),
        place=place_name(say, found.destination.code),
        n=len(cited),
        day=day,
    )
    ledger = say.say("citations.ledger", version=ask.knowledge.ledger.version, digest=ask.knowledge.ledger.digest[:12])
    return Reply.of(Card(title=title, language=say.language, lines=tuple(lines), footer=(*names, ledger)))
