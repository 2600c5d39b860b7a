"""Roles and user groups as people write them, where a platform has no list to choose them from."""

from __future__ import annotations

import asyncio

from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.delivery.platform import KnowsRoles, Role
from bot.errors import DeliveryError, UserError

PLATFORM_S = 2.0
"""Seconds that the platform may take: what is wrong in a window must be said within three."""


async def role_of(ask: Ask, text: str) -> Role:
    """The role that is meant. Raises UserError `errors.no_such_role`, and `errors.roles_unknown` where the platform
    cannot say; one with a list of its own has said already."""
    platform = ask.services.platforms.get(ask.where.platform)
    if not isinstance(platform, KnowsRoles):
        return Role(text)
    try:
        async with asyncio.timeout(PLATFORM_S):
            found = await platform.role(ask.where.workspace, text)
    except (DeliveryError, TimeoutError):
        raise UserError("errors.roles_unknown") from None
    if found is None:
        raise UserError("errors.no_such_role", role=clean(text, 40))
    return found


async def managing_role_of(ask: Ask, text: str) -> Role:
    """A role whose holders may manage. Raises UserError as `role_of`; one person is no role."""
    found = await role_of(ask, text)
    if not found.of_people:
        raise UserError("errors.no_such_role", role=clean(text, 40))
    return found


async def role_written(ask: Ask, id_: str) -> str:
    """A role as people write it; its id where the platform does not say."""
    if not id_:
        return ""
    try:
        return (await role_of(ask, id_)).name or id_
    except UserError:
        return id_
