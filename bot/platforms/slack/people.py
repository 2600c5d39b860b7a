"""Who asks: language and time zone for the answer, and whether Slack lets this person manage the channel."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.commands.ask import Person
from bot.errors import DeliveryError
from bot.locale.catalogue import LANGUAGES
from bot.platforms.slack.api import Api
from bot.platforms.slack.visit import is_stranger

PROFILE_KEPT = timedelta(minutes=10)
GROUP_KEPT = timedelta(minutes=2)
MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a person; the defaults where it may not be asked (scope `users:read`)."""

    language: str
    time_zone: str = "UTC"
    administers: bool = False


class People:
    """Asks Slack, and remembers for minutes. `operators` and `managers_group` come from the settings: persons as `U...`
    or `T.../U...`, the group as `S...`; `creators` lets the creator of a channel manage it."""

    def __init__(
        self, api: Api, clock: Clock, *, language: str = "en", operators: Collection[str] = (),
        managers_group: str = "", creators: bool = False,
    ) -> None:  # fmt: skip
        self._api = api
        self._clock = clock
        self._language = language
        self._operators = frozenset(operators)
        self._group = managers_group
        self._creators = creators
        self._kept: OrderedDict[str, tuple[datetime, Any]] = OrderedDict()

    async def profile(self, workspace: str, user: str) -> Profile:
        """Language, time zone and office of a person."""
        usual = Profile(self._language)
        found: Profile = await self._remembered(
            f"profile:{workspace}/{user}", PROFILE_KEPT, usual, self._profile, workspace, user
        )
        return found

    async def person(
        self, workspace: str, user: str, channel: str, *, name: str = "", home: str = "", role: str = ""
    ) -> Person:
        """The person as commands know him. `home` is his own workspace where he is a guest through Slack Connect:
        strangers manage nothing. `role` is the user group that may manage by the workspace's own settings: it is among
        the person's roles where he is in it, and asked for only where that matters."""
        here = f"{workspace}/{user}"
        operates = user in self._operators or here in self._operators
        if is_stranger(home, workspace):
            return Person(here, name)
        member = bool(self._group) and user in await self._members(workspace, self._group)
        manages = member or (await self.profile(workspace, user)).administers
        if not manages and self._creators and channel:
            manages = await self._creator(workspace, channel) == user
        roles = (self._group,) if member else ()
        if role and not manages and user in await self._members(workspace, role):
            roles = (role,)
        return Person(here, name, manages=manages, operates=operates, roles=roles)

    def forget(self, workspace: str, user: str) -> None:
        """What is remembered of a person is asked anew."""
        self._kept.pop(f"profile:{workspace}/{user}", None)

    async def _profile(self, workspace: str, user: str) -> Profile:
        answer = await self._api.call(workspace, "users.info", user=user, include_locale=True)
        found: Mapping[str, Any] = answer.get("user") or {}
        language = str(found.get("locale") or "").partition("-")[0]
        office = any(found.get(name) for name in ("is_admin", "is_owner", "is_primary_owner"))
        return Profile(
            language if language in LANGUAGES else LANGUAGES[0] if language else self._language,
            str(found.get("tz") or "UTC"),
            office and not found.get("is_stranger") and not found.get("deleted"),
        )

    async def _members(self, workspace: str, group: str) -> frozenset[str]:
        nobody: frozenset[str] = frozenset()
        found: frozenset[str] = await self._remembered(
            f"group:{workspace}/{group}", GROUP_KEPT, nobody, self._asked_members, workspace, group
        )
        return found

    async def _asked_members(self, workspace: str, group: str) -> frozenset[str]:
        answer = await self._api.call(workspace, "usergroups.users.list", usergroup=group)
        return frozenset(str(user) for user in answer.get("users", ()))

    async def _creator(self, workspace: str, channel: str) -> str:
        found: str = await self._remembered(
            f"creator:{channel}", PROFILE_KEPT, "", self._asked_creator, workspace, channel
        )
        return found

    async def _asked_creator(self, workspace: str, channel: str) -> str:
        answer = await self._api.call(workspace, "conversations.info", channel=channel)
        return str((answer.get("channel") or {}).get("creator") or "")

    async def _remembered(self, key: str, kept: timedelta, usual: Any, ask: Any, *arguments: str) -> Any:
        """What Slack said lately, else what it says now; `usual` where it cannot say, and that is not remembered."""
        now = self._clock.now()
        found = self._kept.get(key)
        if found is not None and now - found[0] < kept:
            return found[1]
        try:
            value = await ask(*arguments)
        except DeliveryError:
            return usual
        self._kept[key] = (now, value)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return value
