"""Triage for teams that must show their work: on each alert who looked, what became of it, and until when.

Off by default, one switch a channel: `/chipwatch triage on`. `/chipwatch triage export 2026-Q3` gives a quarter as CSV.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from bot.cards.card import Card, Tone
from bot.cards.spreadsheet import csv_text
from bot.commands.ask import Ask, Services
from bot.commands.ordering import ordered_elsewhere
from bot.commands.reply import Attachment, Reply
from bot.commands.rights import manages
from bot.delivery.platform import Outgoing
from bot.errors import DeliveryError
from bot.locale.catalogue import Catalogue, catalogue
from bot.logs import logger
from bot.platforms.slack.mrkdwn import literal
from bot.platforms.slack.platform import Slack
from bot.platforms.slack.render import MOST_BLOCKS, Block, context, label
from bot.platforms.slack.visit import Visit, is_stranger, one_install
from bot.store import triage
from bot.store.engine import Connection
from bot.store.triage import Item

STATE = "triage.state"
ACTIONS = "triage.actions"
REASONS = ("no_action", "duplicate", "other")
_QUARTER = re.compile(r"(\d{4})-?[qQ]([1-4])")
_WORDS = frozenset({"triage", "bearbeitung", "分诊"})
_ON = frozenset({"on", "an", "ein", "开"})
_OFF = frozenset({"off", "aus", "关"})
COLUMNS = ("opened", "channel", "story", "headline", "severity", "state", "decided_by", "decided", "assignee", "due")


class Triaging:
    """Dresses alerts with their state and four things to press, notes what is pressed, and exports quarters."""

    def __init__(self, slack: Slack, services: Services) -> None:
        self._slack = slack
        self._services = services
        self._log: Any = logger("slack")

    async def dress(self, out: Outgoing, payload: dict[str, Any], workspace: str) -> dict[str, Any]:
        """The payload of an alert as its channel wants it: with its triage where that is on."""
        story = str(out.facts.get("story") or "")
        if not story:
            return payload
        headline, severity = "".join(span.text for span in out.card.title), str(out.facts.get("severity") or "")
        now = self._services.clock.now()
        fresh = Item("slack", out.channel, story, workspace, "", headline[:500], severity, now)
        item = await self._services.store.write(lambda conn: triage.open_item(conn, fresh))
        return payload if item is None else dressed(payload, item, out.card.language)

    async def placed(self, out: Outgoing, message: str) -> None:
        """An alert was posted: its item knows where."""
        if story := str(out.facts.get("story") or ""):
            place = partial(triage.placed, platform="slack", channel=out.channel, story=story, message=message)
            await self._services.store.write(place)

    async def pressed(self, ask: Ask, guest: Visit, action: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        """Somebody decided, assigned or set a date: noted once, and shown on the message."""
        what, new = decision(action)
        story = str(action.get("block_id", "")).removeprefix(f"{ACTIONS}.")
        if not new or not story or is_stranger(guest.home, guest.workspace):
            return

        def note(conn: Connection) -> Item | None:
            item = triage.one(conn, "slack", guest.channel, story)
            if item is None or item.workspace != guest.workspace:
                return None  # another workspace's, or nobody's
            return triage.change(conn, item, guest.user, self._services.clock.now(), **new)

        item = await self._services.store.write(note)
        if item is None:
            self._log.info("slack_triage_unchanged", what=what, channel=guest.channel)
            return
        shown = body.get("message") or {}
        kept = [block for block in shown.get("blocks", ()) if not str(block.get("block_id", "")).startswith("triage.")]
        payload = dressed({"text": shown.get("text") or literal(item.headline), "blocks": kept}, item, ask.language)
        try:
            await self._slack.api.call(
                guest.workspace, "chat.update", channel=guest.channel, ts=guest.message, **payload
            )
        except DeliveryError as error:
            self._log.warning("slack_triage_not_shown", channel=guest.channel, error=error.reason)

    async def typed(self, ask: Ask, text: str) -> Reply | None:
        """The answer to `triage on`, `triage off` and `triage export 2026-Q3`; None for anything else."""
        words = text.split()
        if not words or words[0].casefold() not in _WORDS:
            return None
        say, rest = catalogue(ask.language), [word.casefold() for word in words[1:]]
        if not await manages(ask):
            return _told(say, "errors.managers_only")
        verb = rest[0] if rest else ""
        if verb in _ON | _OFF:
            return await self._switched(ask, say, on=verb in _ON)
        quarter = next((found for word in rest if (found := _QUARTER.fullmatch(word))), None)
        if verb in ("export", "csv"):
            year, number = (int(quarter[1]), int(quarter[2])) if quarter else quarter_of(ask.now)
            return await self._exported(ask, say, year, number)
        return _told(say, "slack.triage.help")

    async def _switched(self, ask: Ask, say: Catalogue, *, on: bool) -> Reply:
        where, who = ask.where, ask.person.id
        on_by = await self._services.store.read(lambda conn: triage.switched_on_by(conn, "slack", where.channel))
        if await ordered_elsewhere(ask, where.channel) or (on_by and not one_install(on_by, where.workspace)):
            return _told(say, "errors.order_elsewhere")
        work = partial(triage.switch, platform="slack", workspace=where.workspace, channel=where.channel, on=on, by=who)
        await self._services.store.write(lambda conn: work(conn, at=ask.now))
        return _told(say, "slack.triage.on" if on else "slack.triage.off")

    async def _exported(self, ask: Ask, say: Catalogue, year: int, number: int) -> Reply:
        since, until = bounds(year, number)
        find = partial(triage.items, platform="slack", workspace=ask.where.workspace, since=since, until=until)
        found = await self._services.store.read(find)
        card = Card(say.say("slack.triage.exported", n=len(found), quarter=f"{year}-Q{number}"), language=ask.language)
        file = Attachment(f"triage-{year}-Q{number}.csv", table_of(found))
        return Reply((card,), files=(file,), private=True)


def dressed(payload: Mapping[str, Any], item: Item, language: str) -> dict[str, Any]:
    """A message with the state of its triage and what can be pressed."""
    say = catalogue(language)
    lines = [_state(say, item)]
    if item.assignee:
        lines.append(say_with(say, "slack.triage.assigned", f"<@{item.assignee}>"))
    if item.due:
        lines.append(literal(say.text("slack.triage.due", day=date.fromisoformat(item.due))))
    state = {**context([" · ".join(lines)]), "block_id": f"{STATE}.{item.story}"[:255]}
    kept = list(payload["blocks"])[: MOST_BLOCKS - 2]
    return {**payload, "blocks": [*kept, state, pressable(say, item)]}


def _state(say: Catalogue, item: Item) -> str:
    if item.state == "open" or item.decided_at is None:
        return literal(say.text("slack.triage.state.open"))
    when = f"<!date^{int(item.decided_at.timestamp())}^{{date_short_pretty}}, {{time}}|"
    when += f"{literal(say.form.write_moment(item.decided_at))}>"
    words = literal(say.text(f"slack.triage.state.{item.state}"))
    return f"{words} · <@{item.decided_by}> · {when}"


def say_with(say: Catalogue, key: str, mark: str) -> str:
    """A message whose one placeholder becomes a mark of Slack's own: the words around it are escaped, it is not."""
    before, _, after = say.text(key, who="\ue000").partition("\ue000")
    return f"{literal(before)}{mark}{literal(after)}"


def pressable(say: Catalogue, item: Item) -> Block:
    """Reviewed, Not applicable, Assign, Due date."""
    people: Block = {"type": "users_select", "action_id": "triage.assign", "placeholder": _words(say, "assign")}
    if item.assignee:
        people["initial_user"] = item.assignee
    day: Block = {"type": "datepicker", "action_id": "triage.due", "placeholder": _words(say, "due_date")}
    if item.due:
        day["initial_date"] = item.due
    reasons = [{"text": _words(say, f"state.{reason}"), "value": reason} for reason in REASONS]
    return {
        "type": "actions",
        "block_id": f"{ACTIONS}.{item.story}"[:255],
        "elements": [
            {"type": "button", "action_id": "triage.reviewed", "text": _words(say, "reviewed"), "value": "reviewed"},
            {
                "type": "static_select",
                "action_id": "triage.not_applicable",
                "placeholder": _words(say, "not_applicable"),
                "options": reasons,
            },
            people,
            day,
        ],
    }


def decision(action: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What was pressed, and what it changes; nothing for a value that does not exist."""
    what = str(action.get("action_id", "")).removeprefix("triage.")
    if what == "reviewed":
        return what, {"state": "reviewed"}
    if what == "not_applicable":
        reason = str((action.get("selected_option") or {}).get("value", ""))
        return what, {"state": reason} if reason in REASONS else {}
    if what == "assign":
        user = str(action.get("selected_user") or "")
        return what, {"assignee": user} if re.fullmatch(r"[UW][A-Z0-9]{0,30}", user) else {}
    if what == "due":
        day = str(action.get("selected_date") or "")
        return what, {"due": day} if _is_day(day) else {}
    return what, {}


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text) > date(2000, 1, 1)
    except ValueError:
        return False


def quarter_of(moment: datetime) -> tuple[int, int]:
    """Year and number of the quarter of a moment (UTC)."""
    return moment.year, (moment.month - 1) // 3 + 1


def bounds(year: int, number: int) -> tuple[datetime, datetime]:
    """When a quarter begins and ends (UTC)."""
    begins = datetime(year, number * 3 - 2, 1, tzinfo=UTC)
    return begins, datetime(year + (number == 4), (number * 3) % 12 + 1, 1, tzinfo=UTC)


def table_of(items: list[Item]) -> bytes:
    """The items as CSV, with the mark by which spreadsheets know UTF-8."""
    rows = [
        (item.opened_at.isoformat(), item.channel, item.story, item.headline, item.severity, item.state,
         item.decided_by or "", item.decided_at.isoformat() if item.decided_at else "", item.assignee or "",
         item.due or "")
        for item in items
    ]  # fmt: skip
    return b"\xef\xbb\xbf" + csv_text(COLUMNS, rows).encode("utf-8", "replace")


def _words(say: Catalogue, name: str) -> Block:
    return label(say.text(f"slack.triage.{name}"))


def _told(say: Catalogue, key: str) -> Reply:
    return Reply.of(Card(say.say(key), tone=Tone.NOTICE, language=say.language), private=True)
