"""Commands that read one thing and need no store: parse, diff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson, ConfigDir


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.command()(parse)
    app.command()(diff)


def parse(
    kind: Annotated[str, typer.Argument(help="The kind of source: feed, federal_register, ...")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One recorded answer: the bytes of its body.")],
    url: Annotated[str, typer.Option(help="The address it came from: relative links are made absolute.")] = "",
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Print the documents in one recorded answer."""
    from bot.cli.output import json_line, remark, table
    from bot.clock import iso
    from bot.errors import ConfigError, SourceError
    from bot.sources.recorded import read_file

    try:
        reading = read_file(kind, file, url or None)
    except KeyError as error:
        raise ConfigError(str(error.args[0])) from None
    except OSError as error:
        raise SourceError("unreadable", f"{file}: {error.strerror}") from error
    for warning in reading.warnings:
        remark(f"warning: {warning}")
    if reading.partial:
        remark("warning: partial (the answer was cut; its whole entries are here)")
    rows = [
        {
            "key": d.key,
            "title": d.title,
            "url": d.url,
            "published": iso(d.published),
            "updated": iso(d.updated),
            "summary": d.summary,
            "language": d.language,
            "kind": d.kind,
            "state": d.state.value,
        }
        for d in reading.documents
    ]
    if as_json:
        for row in rows:
            json_line(row)
        return
    table(
        ("published", "title", "url"),
        [(row["published"] or "", row["title"] or "", row["url"] or "") for row in rows],
        f"{len(rows)} documents",
    )


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A text, XML or HTML document, or a list (CSV, JSON).")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same, later.")],
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Print the redline of two texts, documents or lists."""
    from bot.cli.output import json_line
    from bot.errors import SourceError
    from bot.redline.documents import redline_of_files

    try:
        found = redline_of_files(old, new)
    except OSError as error:
        raise SourceError("unreadable", f"{error.filename}: {error.strerror}") from error
    if as_json:
        json_line(found.json())
        return
    from rich.console import Console

    from bot.cli.redline_view import print_redline

    print_redline(found, Console())
