"""Whom a message may mention, by what people write: user groups by handle or id, a person by id, whoever is there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.platform import Role
from bot.errors import DeliveryError
from bot.platforms.slack.api import Api

KEPT = timedelta(minutes=2)
MOST_KEPT = 1000
ALL = ("here", "channel", "everyone")
_GROUP = re.compile(r"S[A-Z0-9]+")
_PERSON = re.compile(r"[UW][A-Z0-9]+")


class Groups:
    """The user groups of workspaces; asks Slack, and remembers for minutes."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._kept: dict[str, tuple[datetime, tuple[Role, ...]]] = {}

    async def role(self, workspace: str, text: str) -> Role | None:
        """What an id, a handle or a name means; None where it means nothing. Raises DeliveryError where Slack may not
        be asked (scope `usergroups:read`); ids of groups are taken as they are then."""
        name = text.strip().removeprefix("@")
        if name.casefold() in ALL:
            return Role(name.casefold(), f"@{name.casefold()}", of_people=False)
        if _PERSON.fullmatch(name) and (person := await self._person(workspace, name)) is not None:
            return person
        try:
            known = await self._of(workspace)
        except DeliveryError:
            if _GROUP.fullmatch(name):
                return Role(name)
            raise
        wanted = name.casefold()
        return next((each for each in known if wanted in (each.id.casefold(), each.name.casefold()[1:])), None)

    async def _person(self, workspace: str, id_: str) -> Role | None:
        try:
            answer = await self._api.call(workspace, "users.info", user=id_)
        except DeliveryError as error:
            if error.lost == "channel" or error.permanent:  # user_not_found, user_not_visible
                return None
            raise
        name = (answer.get("user") or {}).get("name")
        return Role(id_, f"@{name}" if name else "", of_people=False)

    async def _of(self, workspace: str) -> Sequence[Role]:
        now = self._clock.now()
        found = self._kept.get(workspace)
        if found is not None and now - found[0] < KEPT:
            return found[1]
        answer = await self._api.call(workspace, "usergroups.list")
        roles = tuple(Role(str(each["id"]), f"@{each.get('handle', '')}") for each in answer.get("usergroups", ()))
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[workspace] = (now, roles)
        return roles
