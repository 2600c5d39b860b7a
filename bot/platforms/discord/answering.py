"""Answering an interaction: at once where the answer is there within a second, else deferred and sent when it is."""

from __future__ import annotations

import asyncio
import io
import math
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import aiohttp
import discord
import orjson
from discord.http import MultipartParameters
from discord.webhook.async_ import async_context

from bot.cards.card import Card, Tone
from bot.commands.reply import Reply
from bot.errors import DeliveryError
from bot.locale.catalogue import catalogue
from bot.platforms.discord.asking import Interaction
from bot.platforms.discord.forms import modal_of
from bot.platforms.discord.render import (
    EPHEMERAL,
    Body,
    Message,
    Pack,
    first_link,
    messages_of,
    plain_message,
    with_files,
)

DEFER_AFTER_S = 0.8
"""Seconds after which an answer is promised instead of given; the platform waits for three."""
PATIENCE_S = 14 * 60
"""Seconds after which a late answer can no longer be sent: the platform forgets the question after fifteen minutes."""
MESSAGES = 5
_MESSAGE, _DEFERRED, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_TOO_LATE = (10062, 40060, 10015)
ACKNOWLEDGED = 40060
"""Another process has promised or given the answer."""
TOO_LARGE = 40005
SLOW_BYTES = 512 * 1024
"""Files of more than this may not be up within the three seconds: their answer is promised first."""

Report = Callable[[str, str], None]


class AnsweredElsewhereError(Exception):
    """Another process that heard the same has taken it on."""


async def answer(
    interaction: Interaction,
    work: Coroutine[Any, Any, Reply],
    pack: Pack,
    *,
    language: str,
    report: Report,
) -> None:
    """Give the answer that `work` comes back with. Where it takes long it is promised to the asker alone: who may see
    it is known when it is there, and what was promised to all would show a refusal to all.

    Where `work` raises AnsweredElsewhereError nothing is said: another process that heard the same does it. Which of
    them promised the answer does not matter."""
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=DEFER_AFTER_S)
    try:
        if done:
            reply = _carried(task.result(), interaction)
            if _bytes(reply) <= SLOW_BYTES and await _at_once(
                interaction, reply, pack, language=language, report=report
            ):
                return
        await _promise(interaction)
        reply = _carried(await asyncio.wait_for(task, PATIENCE_S), interaction)
        await _late(interaction, reply, pack, language=language, report=report)
    except AnsweredElsewhereError:
        pass
    except discord.HTTPException as error:
        report(str(interaction.channel_id), f"no answer arrived: {error.status} {error.code} {error.text}"[:300])
    except (DeliveryError, aiohttp.ClientError, ConnectionError) as error:
        report(str(interaction.channel_id), f"no answer arrived: {type(error).__name__} {error}"[:300])
    except TimeoutError:
        report(str(interaction.channel_id), "the answer came after the question was forgotten")
    finally:
        task.cancel()


async def choices(interaction: Interaction, found: Sequence[tuple[str, str]]) -> None:
    """Suggestions while somebody types: labels and values."""
    made = [{"name": label, "value": value} for label, value in found[:25]]
    await _callback(interaction, {"type": _CHOICES, "data": {"choices": made}})


async def pass_over(interaction: Interaction) -> None:
    """Take note of a press without doing anything."""
    await _callback(interaction, {"type": _DEFERRED_UPDATE})


def notice(key: str, language: str) -> Reply:
    """One sentence for the asker alone."""
    say = catalogue(language)
    return Reply.of(Card(title=say.say(key), tone=Tone.NOTICE, language=say.language), private=True)


def _bytes(reply: Reply) -> int:
    return sum(len(file.content) for file in reply.files)


def _carried(reply: Reply, interaction: Interaction) -> Reply:
    """The answer, or that its files are larger than Discord says it takes from this asker in this place."""
    return _without_files(reply) if _bytes(reply) > interaction.filesize_limit else reply


def _without_files(reply: Reply) -> Reply:
    """That the files are too large, and how to come by them."""
    say = catalogue(reply.cards[0].language if reply.cards else "en")
    size = say.form.write_number(math.ceil(_bytes(reply) / 1024 / 1024 * 10) / 10)
    card = Card(
        title=say.say("discord.too_large", size=size),
        tone=Tone.NOTICE,
        language=say.language,
        lines=(reply.too_large or say.say("discord.too_large_do"),),
    )
    return Reply.of(card, private=True)


def _on_own_card(interaction: Interaction) -> bool:
    """Whether something was pressed under an answer that its asker alone sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def _promise(interaction: Interaction) -> None:
    """Promise an answer to the asker. Under his own card that is the card itself: the answer may replace it, which
    nobody knows yet."""
    own = {"type": _DEFERRED_UPDATE}
    try:
        await _callback(
            interaction, own if _on_own_card(interaction) else {"type": _DEFERRED, "data": {"flags": EPHEMERAL}}
        )
    except discord.HTTPException as error:
        if error.code != ACKNOWLEDGED:
            raise


async def _at_once(interaction: Interaction, reply: Reply, pack: Pack, *, language: str, report: Report) -> bool:
    """Give the answer; False where another process has promised it meanwhile."""
    if reply.form is not None:
        if interaction.type is not discord.InteractionType.modal_submit:
            await _callback(interaction, {"type": _MODAL, "data": modal_of(reply.form, pack)})
            return True
        reply = notice("discord.form_late", language)  # a window cannot follow a window
    kind = _UPDATE if reply.replace and interaction.message is not None else _MESSAGE
    first, *rest = _messages(reply, pack, language)

    async def hand_over(made: Message) -> None:
        await _callback(interaction, {"type": kind, "data": made.body}, made)

    try:
        await _or_plain(interaction, reply, first, pack, hand_over, report)
    except discord.HTTPException as error:
        if error.code != ACKNOWLEDGED:
            raise
        return False
    for message in rest:
        await _or_plain(interaction, reply, message, pack, lambda made: _follow_up(interaction, made), report)
    return True


async def _late(interaction: Interaction, reply: Reply, pack: Pack, *, language: str, report: Report) -> None:
    """The answer after its promise: in the promised message, or in place of the card that was pressed if it replaces
    that. One for all to see comes as a message of its own, since the promised one is seen by the asker alone; that must
    be filled first, or the platform would put the next message in its place."""
    if reply.form is not None:
        reply = notice("discord.form_late", language)
    first, *rest = _messages(reply, pack, language)
    in_place = reply.replace if _on_own_card(interaction) else bool(reply.private)
    if not in_place and not _on_own_card(interaction):
        (shown,) = messages_of(notice("discord.shown", language).cards, pack, private=True)
        await _original(interaction, shown)
    hand_over = _original if in_place else _follow_up
    await _or_plain(interaction, reply, first, pack, lambda made: hand_over(interaction, made), report)
    for message in rest:
        await _or_plain(interaction, reply, message, pack, lambda made: _follow_up(interaction, made), report)


def _messages(reply: Reply, pack: Pack, language: str) -> list[Message]:
    cards = reply.cards or notice("discord.done", language).cards
    made = messages_of(cards, pack, private=bool(reply.private))[:MESSAGES]
    if reply.files:
        made[-1] = with_files(made[-1], [(each.name, each.content) for each in reply.files])
    return made


async def _or_plain(
    interaction: Interaction,
    reply: Reply,
    message: Message,
    pack: Pack,
    hand_over: Callable[[Message], Coroutine[Any, Any, Any]],
    report: Report,
) -> None:
    """Hand a message over; its headline and a link where the platform does not take it for what it is. Where it is the
    files that are too large, that is said."""
    try:
        await hand_over(message)
    except discord.HTTPException as error:
        large = error.status == 413 or error.code == TOO_LARGE
        if (error.status != 400 and not large) or error.code in _TOO_LATE:
            raise
        report(str(interaction.channel_id), f"{error.status} {error.code}: {error.text}"[:300])
        if large and reply.files:
            (told,) = messages_of(_without_files(reply).cards, pack, private=True)
            await hand_over(told)
            return
        card = reply.cards[0] if reply.cards else Card(title=())
        await hand_over(plain_message(card, first_link(card), private=bool(reply.private)))


async def _callback(interaction: Interaction, body: Body, message: Message | None = None) -> None:
    parameters = _parameters(body, message.files if message else ())
    await async_context.get().create_interaction_response(
        interaction.id, interaction.token, session=_session(interaction), params=parameters
    )


async def _original(interaction: Interaction, message: Message) -> None:
    made = _parameters(message.body | {"flags": message.body["flags"] & ~EPHEMERAL}, message.files)
    await async_context.get().edit_original_interaction_response(
        interaction.application_id, interaction.token, session=_session(interaction), **made._asdict()
    )


async def _follow_up(interaction: Interaction, message: Message) -> None:
    made = _parameters(message.body, message.files)
    await async_context.get().execute_webhook(
        interaction.application_id, interaction.token, session=_session(interaction), **made._asdict(), wait=True
    )


def _session(interaction: Interaction) -> Any:
    return interaction._session  # noqa: SLF001  # the library's own answers go the same way


def _parameters(body: Body, files: Sequence[tuple[str, bytes]]) -> MultipartParameters:
    if not files:
        return MultipartParameters(payload=body, multipart=None, files=None)
    made = [discord.File(io.BytesIO(content), filename=name) for name, content in files]
    form: list[dict[str, Any]] = [{"name": "payload_json", "value": orjson.dumps(body).decode()}]
    form += [
        {"name": f"files[{n}]", "value": f.fp, "filename": f.filename, "content_type": "application/octet-stream"}
        for n, f in enumerate(made)
    ]
    return MultipartParameters(payload=None, multipart=form, files=made)
