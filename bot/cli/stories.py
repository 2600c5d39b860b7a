"""Stories at the operators' desk: joining, splitting, taking back; reports of mistakes, corrections, what is held."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import AsJson, ConfigDir

group = typer.Typer(
    help="Stories: join, split, take back; reports, corrections, held documents.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
StoryId = Annotated[str, typer.Argument(metavar="STORY", help="The id of a story, such as s-0123456789ab.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.add_typer(group, name="story")


@group.command("merge")
def merge(
    into: Annotated[str, typer.Argument(metavar="A", help="The story that remains.")],
    away: Annotated[str, typer.Argument(metavar="B", help="The story that goes into it.")],
    config: ConfigDir = None,
) -> None:
    """Join two stories for good: B's documents and their like stand in A; B's message points there."""
    from bot.pipeline.operators import decisions

    _decide(config, lambda conn, at, who, law: decisions.merge(conn, into, away, at, who, law))
    _tell(f"{away} went into {into}.")


@group.command("split")
def split(
    story: StoryId,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of the document that does not belong to it.")],
    config: ConfigDir = None,
) -> None:
    """Split a document off a story for good: it is told as a story of its own."""
    from bot.pipeline.operators import decisions

    told = _decide(config, lambda conn, at, who, law: decisions.split(conn, story, url, at, who, law))
    _tell(f"{url} is the story {told[-1].story.id} now.")


@group.command("retract")
def retract(
    story: StoryId,
    cause: Annotated[
        str, typer.Option("--cause", metavar="CAUSE", help="redated, misread, wrong_source, merged or satire.")
    ],
    config: ConfigDir = None,
) -> None:
    """Take a story back: its message becomes the correction, a reply says so, and it goes on the public list."""
    from bot.pipeline.operators import decisions

    done = _decide(config, lambda conn, at, who, law: decisions.retract(conn, story, cause, at, who, law))
    _tell(f"{done.story} is taken back: correction {done.number} of {done.at.year}, {done.channels} channels.")


@group.command("reports")
def reports(as_json: AsJson = False, config: ConfigDir = None) -> None:
    """What readers reported as mistakes and nobody has answered yet."""
    from bot.clock import iso
    from bot.store import reports as stored

    rows = _ask(config, stored.waiting)
    lines = [
        {"report": row.id, "story": row.story, "at": iso(row.at), "reporter": row.reporter, "reason": row.reason}
        for row in rows
    ]
    _print(lines, as_json, "No report waits.")


@group.command("dismiss")
def dismiss(
    number: Annotated[int, typer.Argument(metavar="REPORT", help="The number of a report.")], config: ConfigDir = None
) -> None:
    """The reported story was right; `story retract` settles a report the other way."""
    from bot.pipeline.operators import decisions

    _decide(config, lambda conn, at, who, law: decisions.dismiss(conn, number, at, who))
    _tell(f"Report {number} is dismissed.")


@group.command("corrections")
def corrections(as_json: AsJson = False, config: ConfigDir = None) -> None:
    """The public list of what was taken back."""
    from bot.cards.headline import plain_headline
    from bot.clock import iso
    from bot.locale.catalogue import catalogue
    from bot.pipeline.reading.public_list import public_list

    found = _ask(config, lambda conn: public_list(conn, datetime.now(UTC)))
    lines = [
        {
            "story": row.story.id,
            "at": iso(row.at),
            "cause": row.cause,
            "channels": row.channels,
            "reported_by_member": row.reported_by_member,
            "headline": plain_headline(catalogue("en"), row.story),
        }
        for row in found.corrections
    ]
    _print(lines, as_json, "Nothing was taken back.")


@group.command("held")
def held(as_json: AsJson = False, config: ConfigDir = None) -> None:
    """Documents that were kept from the channels: old articles under a new date."""
    from bot.clock import iso
    from bot.store import held_documents

    rows = _ask(config, held_documents.waiting)
    lines = [
        {"held": row.id, "source": row.source, "key": row.key, "at": iso(row.at), "why": f"{row.reason} {row.detail}"}
        for row in rows
    ]
    _print(lines, as_json, "No document is held.")


@group.command("release")
def release(
    number: Annotated[int, typer.Argument(metavar="HELD", help="The number of a held document.")],
    drop: Annotated[bool, typer.Option("--drop", help="Never tell it.")] = False,
    config: ConfigDir = None,
) -> None:
    """Tell a held document after all, or drop it for good."""
    from bot.cli.setup import sources_of
    from bot.pipeline import holding

    if drop:
        _decide(config, lambda conn, at, who, law: holding.drop(conn, number, at, who))
        _tell(f"{number}: dropped.")
        return
    sources = sources_of(config)
    told = _decide(config, lambda conn, at, who, law: holding.release(conn, number, sources, at, who, law))
    _tell(f"{number}: told in {', '.join(dict.fromkeys(revision.story.id for revision in told)) or 'no story'}.")


def _print(lines: list[dict[str, Any]], as_json: bool, nothing: str) -> None:
    from bot.cli.output import json_line

    for line in lines:
        json_line(line) if as_json else _tell("  ".join(str(value) for value in line.values()))
    if not lines and not as_json:
        _tell(nothing)


def _tell(text: str) -> None:
    from bot.cli.output import tell

    tell(text)


def _ask(config: Path | None, work: Callable[[Any], Any]) -> Any:
    from bot.cli.sources import in_store

    return asyncio.run(in_store(config, work))


def _decide(config: Path | None, work: Callable[[Any, datetime, str, Any], Any]) -> Any:
    """Run a decision with the law as it stands; what came of it. A running bot tells the channels within seconds."""
    from bot.cli.ledger import who
    from bot.cli.setup import settings_of
    from bot.pipeline.ledger.librarian import Librarian
    from bot.store.engine import Store

    async def decided() -> Any:
        settings, now = settings_of(config), datetime.now(UTC)
        store = await Store.open(settings.store.url, upgrade=False)
        try:
            librarian = Librarian(settings.ledger.keys)
            await librarian.refresh(store, now)
            return await store.write(lambda conn: work(conn, now, who(), librarian.law_of))
        finally:
            await store.close()

    return asyncio.run(decided())
