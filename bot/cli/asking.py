"""Commands that only know things: status, classify, timeline, promises, upcoming. They need no store and no network;
what a store adds they read from the small file that a running bot keeps beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, ConfigDir

if TYPE_CHECKING:
    from bot.knowledge.library import Knowledge

CHIP = "A chip in any spelling: H20, 'RTX PRO 6000D', 昇腾910B."
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day asked about (default: today, UTC).")]


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.command()(status)
    app.command()(classify)
    app.command("check", hidden=True)(classify)
    app.command()(timeline)
    app.command()(promises)
    app.command()(upcoming)


def knowledge_of(config: Path | None) -> Knowledge:
    """What this installation answers from."""
    from bot.cli.snapshot import ledger_in_use
    from bot.knowledge.library import Knowledge

    return Knowledge.load(ledger_in_use(config))


def status(
    chip: Annotated[str, typer.Argument(metavar="CHIP", help=CHIP)],
    destination: Annotated[str, typer.Argument(metavar="DEST", help="A country by name or ISO code.")],
    on: On = None,
    known_on: Annotated[str | None, typer.Option(metavar="DATE", help="Only what was public by this day.")] = None,
    buyer_hq: Annotated[str | None, typer.Option(metavar="CC", help="Seat of the buyer or its parent.")] = None,
    shipped_from: Annotated[str | None, typer.Option("--from", metavar="CC", help="Where it ships from.")] = None,
    end_user: Annotated[str | None, typer.Option(metavar="NAME", help="A named end user.")] = None,
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """The export status of a chip, with the reason and its citations."""
    from bot.cli.output import json_line
    from bot.cli.snapshot import reported_since

    answer = knowledge_of(config).status(
        chip,
        destination,
        on or today(),
        known_on=known_on,
        buyer_hq=buyer_hq,
        shipped_from=shipped_from,
        end_user=end_user,
    )
    since = answer.us_export.since if answer.us_export else None
    reported = reported_since(config, answer.chip.name, answer.destination.code, since)
    if as_json:
        json_line(answer.json(reported))
        return
    from bot.cards.status import status_card

    show(status_card(answer, language(config), today=today(), reported_since=reported))


def classify(
    ops: Annotated[str, typer.Option("--ops", metavar="fp16=148,int8=296", help="Dense TOPS or TFLOPS by precision.")],
    die: Annotated[float | None, typer.Option(metavar="MM2", help="Applicable die area in mm2.")] = None,
    bandwidth: Annotated[float | None, typer.Option(metavar="GB/S", help="Bandwidth of the memory.")] = None,
    io: Annotated[float | None, typer.Option(metavar="GB/S", help="Bandwidth of the links between chips.")] = None,
    not_datacentre: Annotated[bool, typer.Option("--not-datacentre", help="Not meant for data centres.")] = False,
    to: Annotated[str | None, typer.Option(metavar="DEST", help="Its status for this destination as well.")] = None,
    on: On = None,
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Classify a chip from its numbers."""
    from bot.cli.output import json_line
    from bot.knowledge.classify import figures_of

    found = knowledge_of(config).classify(
        figures_of(ops), die, bandwidth=bandwidth, io=io, data_centre=not not_datacentre, on=on or today(), to=to
    )
    if as_json:
        json_line(found.json())
        return
    from bot.cards.classification import classification_card

    show(classification_card(found, language(config)))


def timeline(
    chip: Annotated[str | None, typer.Option("--chip", metavar="CHIP", help="Only events on this chip.")] = None,
    to: Annotated[str | None, typer.Option(metavar="DEST", help="Only events on this destination.")] = None,
    since: Annotated[datetime | None, typer.Option("--from", metavar="DATE", help="Announced then or later.")] = None,
    until: Annotated[datetime | None, typer.Option(metavar="DATE", help="Announced before this day.")] = None,
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it as a picture.")] = None,
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """The ledger's events, oldest first."""
    from bot.cards.names import event_title
    from bot.cli.output import json_line, table
    from bot.knowledge.entry import event_json
    from bot.knowledge.ledger import names_of
    from bot.locale.catalogue import catalogue

    known = knowledge_of(config)
    names = names_of(known.chips.find(chip)) if chip else None
    place = known.countries.find(to).code if to else None
    events = known.ledger.about(
        chip=names, destination=place, since=since.date() if since else None, until=until.date() if until else None
    )
    if png is not None:
        from bot.cli.drawing import draw_timeline

        shown = {"since": since.date() if since else None, "until": until.date() if until else None}
        draw_timeline(known, chip, to, png, language(config), **shown)
    rows = [event_json(event) for event in events]
    if as_json:
        for row in rows:
            json_line(row)
        return
    say = catalogue(language(config))
    table(
        ("announced", "in force", "event", "source"),
        [
            (r["announced"], r["effective"] or "", event_title(say, r["title"]), r["citations"][0]["title"])
            for r in rows
        ],
    )


def promises(on: On = None, as_json: AsJson = False, config: ConfigDir = None) -> None:
    """What was promised, and for how long: promises, deadlines and non-enforcement with their days running."""
    from bot.cards.tables import promises_card
    from bot.cli.output import json_line
    from bot.knowledge.promises import promises as running

    rows = [promise.json() for promise in running(knowledge_of(config).ledger, day(on))]
    if as_json:
        for row in rows:
            json_line(row)
        return
    show(promises_card(rows, language(config)))


def upcoming(on: On = None, as_json: AsJson = False, config: ConfigDir = None) -> None:
    """Dates ahead, from the ledger and from stored documents, and dates that have passed with nothing recorded."""
    from bot.cards.tables import upcoming_card
    from bot.cli.output import json_line
    from bot.cli.snapshot import dated
    from bot.knowledge.dated import calendar

    rows = calendar(knowledge_of(config).ledger, dated(config), day(on))
    if as_json:
        for row in rows:
            json_line(row)
        return
    show(upcoming_card(rows, language(config)))


def today() -> date:
    """The present day in UTC."""
    return datetime.now(UTC).date()


def day(text: str | None) -> date:
    """The day named, or today. Raises UserError for a day that does not exist."""
    from bot.errors import UserError

    if text is None:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError("errors.no_such_day", day=text) from None


def language(config: Path | None) -> str:
    """The language that people are answered in."""
    from bot.cli.setup import settings_of

    return settings_of(config).bot.language


def show(card: Any) -> None:
    """A card in the terminal."""
    from bot.platforms.console.render import print_card

    print_card(card)
