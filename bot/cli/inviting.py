"""The address that adds the bot to a Discord server."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import ConfigDir


def add_to(app: typer.Typer) -> None:
    """Put this command into the command line."""
    app.command()(invite)


def invite(
    application: Annotated[
        str | None, typer.Option(metavar="ID", help="The application's id; else the token's.")
    ] = None,
    config: ConfigDir = None,
) -> None:
    """Print the address that adds the bot to a Discord server with exactly the rights it needs."""
    from bot.cli.output import remark, tell
    from bot.cli.setup import settings_of
    from bot.errors import ConfigError
    from bot.platforms.discord.rights import NEEDED, application_of, invitation

    token = settings_of(config).discord.token
    id_ = application or (application_of(token.reveal()) if token else None)
    if id_ is None:
        raise ConfigError(
            "discord.token is not set or is none; name the application: chipwatch invite --application ID"
        )
    try:
        address = invitation(id_)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    tell(address)
    remark(f"It asks for: {', '.join(NEEDED)}.")
