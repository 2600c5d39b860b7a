"""Evidence on the command line: checking a file offline. It needs no store, no settings and no network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson, ConfigDir


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.command()(verify)


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of `/chipwatch evidence`.")],
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Check an evidence file offline: its hashes, the chain row by row, the documents. No setting changes it."""
    from bot.cli.output import json_line, tell
    from bot.errors import ConfigError
    from bot.pipeline.reading.evidence_file import verify as check

    try:
        verdict = check(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from None
    if as_json:
        found = {"sound": verdict.sound, "rows": verdict.rows, "documents": verdict.documents, "head": verdict.head}
        json_line(found | {"troubles": list(verdict.troubles), "remarks": list(verdict.remarks)})
    else:
        for trouble in verdict.troubles:
            tell(f"✗ {trouble}")
        for remark in verdict.remarks:
            tell(f"· {remark}")
        if verdict.sound:
            tell(
                f"✓ {verdict.rows} rows in one chain, {verdict.documents} documents as they were. Head: {verdict.head}"
            )
    if not verdict.sound:
        raise typer.Exit(1)
