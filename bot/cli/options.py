"""The options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigDir = Annotated[
    Path | None,
    typer.Option("--config", metavar="DIR", help="Where chipwatch.toml and sources/ lie (default: config/, if there)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines for machines, and nothing else, on stdout.")]
