"""The side on which people come in: commands, presses, windows, shortcuts, mentions, and what befalls channels.

Everything is acknowledged first and done afterwards. What Slack sends twice is done once: the store keeps its ids.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bot.cards.card import Button, Card, Tone
from bot.cards.problem import problem_card, problem_line
from bot.commands import registry
from bot.commands.alert.share import channel_language
from bot.commands.arguments import mistakes
from bot.commands.ask import Ask, Person, Services, Where
from bot.commands.declaration import Command, Kind
from bot.commands.desk import Desk
from bot.commands.reply import Reply
from bot.commands.rights import demand
from bot.commands.roles import role_of
from bot.delivery.platform import PresenceKeeper
from bot.errors import StoreError, UserError
from bot.locale.catalogue import catalogue
from bot.locale.rich import plain
from bot.logs import logger
from bot.platforms.slack import asking, modal, visit
from bot.platforms.slack.answers import Answers
from bot.platforms.slack.call import Call, unpacked
from bot.platforms.slack.counter import Counter
from bot.platforms.slack.home import PAGE, TURN, Home, page_of
from bot.platforms.slack.mrkdwn import typed, unescape
from bot.platforms.slack.names import MESSAGE_SHORTCUT, SHORTCUT
from bot.platforms.slack.people import People
from bot.platforms.slack.platform import Slack
from bot.platforms.slack.shortcut import status_form
from bot.platforms.slack.triaging import Triaging
from bot.platforms.slack.visit import Body, Visit, one_install
from bot.store import glance, presence, seen, workspaces

if TYPE_CHECKING:
    from slack_bolt.app.async_app import AsyncApp

Ack = Callable[..., Awaitable[Any]]
MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^<>]*)?>")
DOUBLE_CLICK_S = 1.0
MOST_HEARD = 10_000


@dataclass(slots=True)
class Listeners:
    """What is done with each thing that comes in. `command` and `short` are the names of the two slash commands
    without their stroke; an empty `short` has none. `uninstalled` forgets the tokens of a workspace."""

    slack: Slack
    desk: Desk
    services: Services
    people: People
    presence: PresenceKeeper
    counter: Counter
    home: Home
    triaging: Triaging
    command: str = "chipwatch"
    short: str = "chip"
    uninstalled: Callable[[str, str], Awaitable[None]] | None = None
    log: Any = field(default_factory=lambda: logger("slack"))
    _pressed: dict[str, float] = field(default_factory=dict)
    _heard: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _busy: set[asyncio.Task[Any]] = field(default_factory=set)

    def attach(self, app: AsyncApp) -> None:
        """Put the listeners into a Bolt app."""
        app.command(f"/{self.command}")(self.on_command)
        if self.short:
            app.command(f"/{self.short}")(self.on_command)
        app.action(re.compile(r"^link\."))(self.on_link)
        app.action(re.compile(r"^(press|pick|triage)\."))(self.on_press)
        app.view(modal.CALLBACK)(self.on_window)
        app.shortcut(SHORTCUT)(self.on_shortcut)
        app.shortcut(MESSAGE_SHORTCUT)(self.on_message_shortcut)
        app.event("app_mention")(self.on_mention)
        app.event("app_home_opened")(self.on_home)
        for name in ("member_joined_channel", "channel_left", "group_left", "channel_archive", "channel_unarchive",
                     "channel_deleted", "group_archive", "group_unarchive", "group_deleted"):  # fmt: skip
            app.event(name)(self.on_channel)
        app.event("app_uninstalled")(self.on_uninstalled)
        app.event("tokens_revoked")(self.on_revoked)
        app.error(self.on_error)

    async def on_error(self, error: Exception, body: Body) -> None:
        """A bug of ours is logged with what came in, never with what was in it."""
        self.log.error("slack_listener", type=str(body.get("type") or body.get("command")), exc_info=error)

    async def on_command(self, ack: Ack, body: Body) -> None:
        """A slash command: every verb for the one, the readers' for the other."""
        await ack()
        guest = visit.of_command(body)
        groups = ("chipwatch", "chip", "chipwatch-admin") if self._takes_all(body) else ("chip",)
        text, answers = typed(str(body.get("text") or "")), self._answers(guest)
        try:
            if not await self._first(_trigger(guest)):
                return
            ask = await self._ask(guest)
            reply = await self._typed(ask, text, groups)
        except StoreError as error:
            ask, reply = await self._without_store(guest, error)
        await self.counter.give(guest, reply, answers, ask.language, again(text, groups))

    def _takes_all(self, body: Body) -> bool:
        return str(body.get("command") or "") == f"/{self.command}"

    async def _typed(self, ask: Ask, text: str, groups: tuple[str, ...]) -> Reply:
        """What a line means: triage, a window for a verb alone or for a file, else what the desk makes of it."""
        made = await self.triaging.typed(ask, text) if len(groups) > 1 else None
        if made is not None:
            return made
        command = asking.alone(text, groups)
        if command is not None and await self._may(ask, command):
            return Reply(form=asking.form_of(command, ask.language), private=True)
        taken = asking.importing(ask, text, groups)
        command = registry.find(taken.path) if taken else None
        if taken is not None and command is not None and await self._may(ask, command):
            return Reply(form=asking.form_of(command, ask.language, taken.arguments), private=True)
        return await self.desk.typed(ask, text, groups)

    async def _may(self, ask: Ask, command: Command) -> bool:
        try:
            await demand(ask, command)
        except UserError:
            return False  # the desk says why
        return True

    async def on_link(self, ack: Ack) -> None:
        """A button that only opened a page."""
        await ack()

    async def on_press(self, ack: Ack, body: Body, action: Mapping[str, Any]) -> None:
        """A button, or something chosen from a list."""
        await ack()
        guest = visit.of_interaction(body)
        triage = str(action.get("action_id", "")).startswith("triage.")
        call, given = (None, {}) if triage else called(action)
        answers = self._answers(guest)
        try:
            if not await self._first(_trigger(guest)) or self._twice(guest, action):
                return
            ask = await self._ask(guest)
            if triage:
                await self.triaging.pressed(ask, guest, action, body)
                return
            if call is None:
                return
            if call.action == TURN:
                await self.home.publish(ask, page_of({"private_metadata": given.get(PAGE)}))
                return
            reply = await self.desk.answer(ask, call.action, given)
        except StoreError as error:
            ask, reply = await self._without_store(guest, error)
        if guest.view and body.get("container", {}).get("type") == "view":
            await self._in_view(guest, reply, ask, body)
            return
        again_ = Button("⟳", call.action, call.values) if call is not None else None
        await self.counter.give(guest, reply, answers, ask.language, again_)

    async def _in_view(self, guest: Visit, reply: Reply, ask: Ask, body: Body) -> None:
        if (body.get("view") or {}).get("type") != "home":
            await self.counter.in_window(guest, reply, ask.language)
            return
        if reply.form is not None:
            await self.counter.window(guest, modal.view(reply.form, guest.origin(ask.language)))
        else:
            origin = visit.remembering(guest, ask.language)
            await self.counter.window(guest, modal.showing(reply.cards, ask.language, origin))
        await self._home_again(ask, page_of(body.get("view")))

    async def _home_again(self, ask: Ask, page: int = 1) -> None:
        """Show in the App Home what was changed; it stays as it is while the store is away: the answer says so."""
        with contextlib.suppress(StoreError):
            await self.home.publish(ask, page)

    async def on_window(self, ack: Ack, body: Body, view: Mapping[str, Any]) -> None:
        """A window that was sent off: mistakes are shown at their fields, the answer takes the window's place."""
        guest = visit.of_interaction(body)
        metadata, language = view.get("private_metadata"), guest.language or "en"
        call = unpacked(metadata)
        if call is None or not visit.is_ours(guest, metadata) or registry.find(call.action) is None:
            card = Card(catalogue(language).say("slack.window.foreign"), tone=Tone.NOTICE, language=language)
            await ack(response_action="update", view=modal.showing((card,), language))
            return
        given = asking.with_files(call.action, {**dict(call.values), **modal.filled(view.get("state") or {})})
        ask = self._asked(guest, language)
        fields = [str(block.get("block_id")) for block in view.get("blocks") or ()]
        wrong = await mistakes_of(ask, call.action, given, fields)
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        await ack(response_action="update", view=modal.waiting(language, visit.remembering(guest, language)))
        try:
            if not await self._first(f"view:{view.get('id')}:{view.get('hash')}"):
                return
            ask = await self._ask(guest)
            reply = await self.desk.answer(ask, call.action, given)
        except StoreError as error:
            ask, reply = await self._without_store(guest, error)
        await self.counter.in_window(guest, reply, ask.language)
        if call.action.startswith("chipwatch."):
            await self._home_again(ask)

    async def on_shortcut(self, ack: Ack, body: Body) -> None:
        """The global shortcut: a window that asks for chip, place and day."""
        await ack()
        guest = visit.of_interaction(body)
        try:
            first = await self._first(_trigger(guest))
        except StoreError:
            first = True  # the window asks nothing of the store, and what is sent off in it is answered by itself
        if first:
            language = (await self.people.profile(guest.workspace, guest.user)).language
            await self.counter.window(guest, modal.view(status_form(language), guest.origin(language)))

    async def on_message_shortcut(self, ack: Ack, body: Body) -> None:
        """The shortcut on a message: what can be said of the chips and places in it."""
        await ack()
        guest = visit.of_interaction(body)
        try:
            if not await self._first(_trigger(guest)):
                return
            ask = await self._ask(guest)
            text = unescape(str((body.get("message") or {}).get("text") or ""))
            reply = await self.desk.of_message(ask, text)
        except StoreError as error:
            ask, reply = await self._without_store(guest, error)
        await self.counter.give(guest, reply, self._answers(guest), ask.language)

    async def on_mention(self, body: Body, event: Mapping[str, Any]) -> None:
        """A mention: the answer stands in its thread."""
        guest = visit.of_event(body)
        if event.get("bot_id") or not guest.user:
            return
        try:
            if not await self._first(str(body.get("event_id") or "")):
                return
            ask = await self._ask(guest)
            ask = replace(ask, language=await channel_language(ask))
            text = typed(MENTION.sub(" ", str(event.get("text") or ""))).strip()
            reply = await self.desk.typed(ask, text, ("chip",))
        except StoreError as error:
            ask, reply = await self._without_store(guest, error)
        await self.counter.in_thread(guest, reply, str(body.get("event_id") or ""))

    async def on_home(self, body: Body, event: Mapping[str, Any]) -> None:
        """Somebody looks at the App Home; other tabs concern nobody."""
        if event.get("tab") == "home" and await self._first(str(body.get("event_id") or "")):
            guest = visit.of_event(body)
            await self.home.publish(await self._ask(replace(guest, channel="", thread="")))

    async def on_channel(self, body: Body, event: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        """The bot came into a channel or was put out of it; a channel was archived, opened again or deleted."""
        guest, kind = visit.of_event(body), str(event.get("type"))
        if kind == "member_joined_channel" and event.get("user") != context.get("bot_user_id"):
            return
        if not guest.channel or not await self._first(str(body.get("event_id") or "")):
            return
        if await self._is_of_others(guest):
            return  # what another workspace has here is not lost when this one loses the channel
        self.slack.belongs(guest.channel, guest.workspace)
        if kind in ("member_joined_channel", "channel_unarchive", "group_unarchive"):
            await self.presence.regained("slack", "channel", guest.channel)
        else:
            await self.presence.lost("slack", "channel", guest.channel, kind)

    async def _is_of_others(self, guest: Visit) -> bool:
        """Whether a channel's order is another workspace's. All teams of an organisation have one and the same bot."""
        ordered = await self.services.store.read(lambda conn: glance.workspace_of(conn, "slack", guest.channel))
        return bool(ordered) and not one_install(ordered, guest.workspace)

    async def on_uninstalled(self, body: Body) -> None:
        """The bot was removed from a workspace. May come before or after `tokens_revoked`, more than once."""
        await self._gone(visit.of_event(body), "app_uninstalled")

    async def on_revoked(self, body: Body, event: Mapping[str, Any]) -> None:
        """Tokens were revoked: of the bot, and it is out of the workspace until it is installed anew; those of persons
        concern us not."""
        if (event.get("tokens") or {}).get("bot"):
            await self._gone(visit.of_event(body), "tokens_revoked")

    async def _gone(self, guest: Visit, reason: str) -> None:
        """The bot is out of a workspace, or of all workspaces of an organisation: its tokens are forgotten at once, and
        what is kept of it in some days."""
        if self.uninstalled is not None:
            await self.uninstalled(guest.workspace, "")
        organisation, _, team = guest.workspace.rpartition("/")
        teams = [guest.workspace] if team else []
        if organisation:
            teams += await self.services.store.read(lambda conn: presence.teams_of(conn, "slack", organisation))
        for each in dict.fromkeys(teams):
            await self.presence.left("slack", each, reason)

    async def finish(self, grace: float) -> None:
        """Wait for what is being answered, so many seconds."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=grace)

    async def _first(self, id_: str) -> bool:
        """Whether this came in for the first time; what has no id always does. From here on it is waited for when the
        bot stops."""
        task = asyncio.current_task()
        if task is not None:
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        if not id_:
            return True
        if id_ in self._heard:
            return False
        self._heard[id_] = None  # known here too: while the store is away each is answered once all the same
        if len(self._heard) > MOST_HEARD:
            self._heard.popitem(last=False)
        now = self.services.clock.now()
        return await self.services.store.write(lambda conn: seen.first_time(conn, "slack", id_, now))

    async def _without_store(self, guest: Visit, error: StoreError) -> tuple[Ask, Reply]:
        """What is answered while the store is away."""
        self.log.error("slack_store", error=str(error))
        profile = await self.people.profile(guest.workspace, guest.user)
        card = problem_card(UserError("errors.store"), profile.language)
        return self._asked(guest, profile.language), Reply.of(card, private=True)

    def _twice(self, guest: Visit, action: Mapping[str, Any]) -> bool:
        """Whether this is the second half of a double click."""
        now = self.services.clock.now().timestamp()
        self._pressed = {key: at for key, at in self._pressed.items() if now - at < DOUBLE_CLICK_S}
        chosen = action.get("value") or str(action.get("selected_option") or action.get("selected_date") or "")
        key = f"{guest.workspace} {guest.user} {guest.message} {guest.view} {action.get('action_id')} {chosen}"
        if key in self._pressed:
            return True
        self._pressed[key] = now
        return False

    async def _ask(self, guest: Visit) -> Ask:
        """The question's surroundings: the person as Slack has him at this moment."""
        settings = await self.services.store.read(lambda conn: workspaces.settings(conn, "slack", guest.workspace))
        profile = await self.people.profile(guest.workspace, guest.user)
        person = await self.people.person(
            guest.workspace,
            guest.user,
            "" if guest.direct else guest.channel,
            name=guest.name,
            home=guest.home,
            role=str(settings.get("manager_role") or ""),
        )
        ask = self._asked(guest, profile.language)
        return replace(ask, person=person, time_zone=profile.time_zone)

    def _asked(self, guest: Visit, language: str) -> Ask:
        where = Where("slack", guest.workspace, guest.channel, guest.thread, direct=guest.direct or not guest.channel)
        person = Person(f"{guest.workspace}/{guest.user}", guest.name)
        return Ask(person, where, language, self.services, message=guest.message)

    def _answers(self, guest: Visit) -> Answers:
        return Answers(guest.url, self.slack.api, self.services.clock, self.services.clock.now())


def _trigger(guest: Visit) -> str:
    return f"trigger:{guest.trigger}" if guest.trigger else ""


def again(text: str, groups: tuple[str, ...]) -> Button | None:
    """What opens a window anew where it came too late: only a verb alone does."""
    verb = text.strip().casefold()
    path = next((f"{group}.{verb}" for group in groups if registry.find(f"{group}.{verb}")), None)
    return Button("⟳", path) if path else None


def called(action: Mapping[str, Any]) -> tuple[Call | None, dict[str, Any]]:
    """The call that a press carries, and its arguments; None for what is not ours."""
    name = str(action.get("action_id", ""))
    if name.startswith("press."):
        call = unpacked(action.get("value"))
        return call, dict(call.values) if call else {}
    call = unpacked(name.split(".", 2)[2]) if name.count(".") >= 2 else None
    if call is None:
        return None, {}
    if action.get("type") == "multi_static_select":
        chosen: Any = [str(option["value"]) for option in action.get("selected_options") or ()]
    else:
        chosen = str((action.get("selected_option") or {}).get("value", ""))
    return call, {**dict(call.values), call.name: chosen}


async def mistakes_of(ask: Ask, path: str, given: Mapping[str, Any], fields: Collection[str]) -> dict[str, str]:
    """What is wrong with a window, by the field where it stands; empty where its values can be read. What is wrong with
    a value that the window carried along unseen is left to the answer: no field could show it."""
    command = registry.find(path)
    if command is None:
        return {}
    try:
        found = mistakes(ask, command, given)
    except UserError:
        return {}  # an option that is none was in no field
    for each in command.parameters:
        if each.kind is Kind.ROLE and each.name in given and each.name not in found:
            try:
                await role_of(ask, str(given[each.name]))
            except UserError as error:
                found[each.name] = error
    return {name: plain(problem_line(error, ask.language))[:150] for name, error in found.items() if name in fields}
