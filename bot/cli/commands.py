"""All commands by name. The modules that hold them import what they need only when they run."""

from __future__ import annotations

import typer

from bot.cli import (
    asking,
    assessing,
    evidence,
    inviting,
    ledger,
    operating,
    parties,
    reading,
    replaying,
    running,
    sources,
    stories,
)

app = typer.Typer(
    name="chipwatch",
    help="Alerts and answers about the export rules for AI chips.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
running.add_to(app)
replaying.add_to(app)
asking.add_to(app)
assessing.add_to(app)
parties.add_to(app)
ledger.add_to(app)
reading.add_to(app)
sources.add_to(app)
stories.add_to(app)
operating.add_to(app)
evidence.add_to(app)
inviting.add_to(app)
