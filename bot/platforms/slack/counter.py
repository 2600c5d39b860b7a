"""Where answers are handed out: as a private message, for all, in a thread, in a window, as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.card import Button, Card, Tone
from bot.commands.reply import Attachment, Reply
from bot.delivery.platform import MessageRef, Outgoing
from bot.errors import DeliveryError
from bot.locale.catalogue import catalogue
from bot.logs import logger
from bot.platforms.slack import modal
from bot.platforms.slack.answers import Answers
from bot.platforms.slack.platform import Slack
from bot.platforms.slack.refusals import error_name
from bot.platforms.slack.render import bare, message
from bot.platforms.slack.visit import Visit, remembering

TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "invalid_trigger"})
MOST_CARDS = 4


class Counter:
    """Hands out replies. Nothing here raises for what Slack refuses: it is logged, and told where that is possible."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self._log: Any = logger("slack")

    async def give(
        self, visit: Visit, reply: Reply, answers: Answers, language: str, again: Button | None = None
    ) -> None:
        """The answer to a command or press outside a window. `again` opens a form anew when it came too late."""
        if reply.form is not None:
            await self._open(visit, reply, answers, language, again)
            return
        private = reply.private is not False
        for card in reply.cards[:MOST_CARDS]:
            payload = await self._payload(visit, card)
            if not await answers.say(payload, private=private, replace=reply.replace) and answers.left:
                self._log.error("slack_answer_refused", workspace=visit.workspace)
                await answers.say(bare(card), private=private, replace=reply.replace)
        await self.files(visit, reply.files, private=private)

    async def in_thread(self, visit: Visit, reply: Reply, key: str) -> None:
        """The answer to a mention: in the thread where it was said."""
        for number, card in enumerate(reply.cards[:MOST_CARDS]):
            out = Outgoing(visit.channel, card, f"{key}-{number}", {}, workspace=visit.workspace)
            try:
                await self.slack.reply(MessageRef(visit.channel, visit.thread), out)
            except DeliveryError as error:
                self._log.warning("slack_answer_lost", channel=visit.channel, error=error.reason)
                return
        await self.files(visit, reply.files, private=False)

    async def in_window(self, visit: Visit, reply: Reply, language: str) -> None:
        """The answer to a window that was sent off or pressed in: it takes the window's place; what is for all goes
        into the channel as well."""
        if reply.form is not None:
            await self.window(visit, modal.view(reply.form, visit.origin(language)), "views.update")
        else:
            shown = modal.showing(reply.cards or (_done(language),), language, remembering(visit, language))
            await self.window(visit, shown, "views.update")
        if reply.private is False and visit.channel:
            for card in reply.cards[:MOST_CARDS]:
                try:
                    await self.slack.send(Outgoing(visit.channel, card, visit.view, {}, workspace=visit.workspace))
                except DeliveryError as error:
                    self._log.warning("slack_answer_lost", channel=visit.channel, error=error.reason)
        await self.files(visit, reply.files, private=reply.private is not False)

    async def window(self, visit: Visit, view: Mapping[str, Any], method: str = "views.open") -> str:
        """Open, push or update a window; Slack's name of the refusal, empty when it is there."""
        given: dict[str, Any] = {"view": view}
        given |= {"view_id": visit.view} if method == "views.update" else {"trigger_id": visit.trigger}
        try:
            await self.slack.api.call(visit.workspace, method, **given)
        except DeliveryError as error:
            name = error_name(error)
            if name not in TOO_LATE:
                self._log.error("slack_window_refused", method=method, error=error.reason)
            return name
        return ""

    async def files(self, visit: Visit, files: Sequence[Attachment], *, private: bool) -> None:
        """Files go into the channel, or where they are for one person alone into the conversation with him."""
        for file in files:
            try:
                channel = visit.channel
                if private or not channel:
                    opened = await self.slack.api.call(visit.workspace, "conversations.open", users=visit.user)
                    channel = str((opened.get("channel") or {}).get("id", ""))
                thread = visit.thread if channel == visit.channel else ""
                await self.slack.api.upload(visit.workspace, file.name, file.content, channel=channel, thread=thread)
            except DeliveryError as error:
                self._log.warning("slack_file_lost", name=file.name, error=error.reason)

    async def _open(self, visit: Visit, reply: Reply, answers: Answers, language: str, again: Button | None) -> None:
        assert reply.form is not None
        view = modal.view(reply.form, visit.origin(language))
        refused = await self.window(visit, view, "views.push" if visit.view else "views.open")
        if refused:
            say = catalogue(language)
            key = "slack.window.too_late" if refused in TOO_LATE else "slack.window.refused"
            card = Card(say.say(key), tone=Tone.NOTICE, language=language, buttons=(again,) if again else ())
            await answers.say(message(card))

    async def _payload(self, visit: Visit, card: Card) -> dict[str, Any]:
        return message(card, picture=await self.slack.picture(visit.workspace, card))


def _done(language: str) -> Card:
    return Card(catalogue(language).say("slack.window.done"), tone=Tone.NOTICE, language=language)
