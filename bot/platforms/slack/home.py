"""App Home: what is followed where, what was posted, what is open, and for operators how the sources are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.cards.card import Button
from bot.cards.cutting import clean
from bot.cards.tables import sources_card
from bot.commands import registry
from bot.commands.ask import Ask, Services
from bot.commands.chip.sources import healths
from bot.delivery.platform import MessageRef
from bot.delivery.rendering import card_now
from bot.errors import DeliveryError
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Span, Style, plain
from bot.logs import logger
from bot.pipeline.reading import retrieval
from bot.platforms.slack.mrkdwn import literal, mrkdwn
from bot.platforms.slack.platform import Slack
from bot.platforms.slack.render import Block, actions, blocks, context, label, section, sections
from bot.store import glance, triage
from bot.store.engine import Connection
from bot.store.glance import Followed, Told
from bot.store.triage import Item

MOST_BLOCKS = 100
MOST_SHOWN = 10
ON_A_PAGE = 50
"""Orders on a page. At their longest they fill 20 blocks, and the rest of the page never 80."""
TURN, PAGE = "home.turn", "page"
"""What the buttons Next and Back carry: only the page itself understands it."""
BUTTONS = (("follow", "chipwatch.follow"), ("map", "chip.map"), ("upcoming", "chip.upcoming"), ("help", "chip.help"))


class Home:
    """Publishes the page of one person; each sees it in his own language."""

    def __init__(self, slack: Slack, services: Services) -> None:
        self._slack = slack
        self._services = services
        self._log: Any = logger("slack")

    async def publish(self, ask: Ask, page: int = 1) -> None:
        """Publish a page of what is followed for whoever asks, in his workspace."""
        workspace, _, user = ask.person.id.rpartition("/")
        view = await self.view(ask, page)
        try:
            await self._slack.api.call(workspace, "views.publish", user_id=user, view=view)
        except DeliveryError as error:
            self._log.warning("slack_home_lost", workspace=workspace, error=error.reason)

    async def view(self, ask: Ask, page: int = 1) -> Block:
        """The page: at most 100 blocks. Orders beyond `ON_A_PAGE` stand on the next ones; a page that is none is the
        nearest that there is."""
        say, workspace = catalogue(ask.language), ask.where.workspace

        def look(conn: Connection) -> tuple[list[Followed], list[tuple[Told, str]], list[Item]]:
            posts = list(_posted(conn, workspace, ask.language))
            waiting = triage.items(conn, "slack", workspace, only_open=True, limit=MOST_SHOWN + 1)
            return glance.followed(conn, "slack", workspace), posts, waiting

        followed, posts, waiting = await self._services.store.read(look)
        pages = max(1, -(-len(followed) // ON_A_PAGE))
        page = min(max(page, 1), pages)
        made: list[Block] = [
            *self._followed(say, followed[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]),
            *_turning(say, page, pages),
            *actions(self._buttons(say)),
            *self._posts(say, posts, workspace),
            *self._waiting(say, waiting, workspace),
        ]
        if ask.person.operates:
            made += [{"type": "divider"}, *blocks(sources_card(await healths(ask), ask.language), table=False)]
        for number, block in enumerate(made):  # two rows of buttons would carry the same ids otherwise
            if block["type"] == "actions":
                block["block_id"] = f"home.{number}"
        return {"type": "home", "private_metadata": str(page), "blocks": made[:MOST_BLOCKS]}

    def _buttons(self, say: Catalogue) -> list[Button]:
        """What can be done from here; the map as a picture comes by its button, the board's by its address."""
        made = [Button(say.text(f"slack.home.{name}"), path) for name, path in BUTTONS if registry.find(path)]
        board = self._services.settings.web.url
        return [*made, Button(say.text("slack.home.board"), url=board)] if board.startswith("https://") else made

    def _followed(self, say: Catalogue, followed: list[Followed]) -> Iterator[Block]:
        yield {"type": "header", "text": label(say.text("slack.home.followed"), 150)}
        if not followed:
            yield section(literal(say.text("slack.home.nothing")))
        lines = []
        for each in followed:
            reason = clean(each.pause_reason or "", 120)
            paused = say.text("slack.home.paused", reason=reason) if each.paused_at else ""
            what = say.text("slack.home.order", severity=_severity(say, each), language=each.language)
            lines.append(f"<#{each.channel}>: {literal(f'{what} {paused}'.strip())}")
        yield from sections(lines)

    def _posts(self, say: Catalogue, posts: list[tuple[Told, str]], workspace: str) -> Iterator[Block]:
        if not posts:
            return
        yield {"type": "header", "text": label(say.text("slack.home.recent"), 150)}
        for told, headline in posts:
            link = self._slack.link(MessageRef(told.channel, told.message), workspace)
            line = (Span(headline, Style.BOLD, link), Span("  "), Span(say.form.write_moment(told.at), moment=told.at))
            yield section(mrkdwn(line, 2900, say.language) + f" · <#{told.channel}>")

    def _waiting(self, say: Catalogue, waiting: list[Item], workspace: str) -> Iterator[Block]:
        if not waiting:
            return
        yield {"type": "header", "text": label(say.text("slack.home.open"), 150)}
        for item in waiting[:MOST_SHOWN]:
            link = self._slack.link(MessageRef(item.channel, item.message), workspace) if item.message else None
            who = f" · <@{item.assignee}>" if item.assignee else ""
            due = f" · {literal(say.text('slack.triage.due', day=date.fromisoformat(item.due)))}" if item.due else ""
            yield section(
                mrkdwn((Span(item.headline, url=link),), 2800, say.language) + f" · <#{item.channel}>{who}{due}"
            )
        if len(waiting) > MOST_SHOWN:
            yield context([literal(say.text("slack.home.more_open"))])


def page_of(view: Mapping[str, Any] | None) -> int:
    """The page that somebody has before him; the first where that is not known."""
    kept = str((view or {}).get("private_metadata") or "")
    return int(kept) if kept.isascii() and kept.isdigit() and len(kept) < 6 else 1


def _posted(conn: Connection, workspace: str, language: str) -> Iterator[tuple[Told, str]]:
    """What was posted lately with the title that it has by now: of a story that was taken back the correction's."""
    for told in glance.told(conn, "slack", workspace):
        issued = retrieval.latest(conn, told.story)
        if issued is not None:
            yield told, plain(card_now(issued, language).title)


def _turning(say: Catalogue, page: int, pages: int) -> Iterator[Block]:
    """Where one is, and the ways back and on; nothing where one page is all."""
    if pages == 1:
        return
    yield context([literal(say.text("slack.home.page", n=page, of=pages))])
    ways = [("back", page - 1)] * (page > 1) + [("next", page + 1)] * (page < pages)
    yield from actions([Button(say.text(f"slack.home.{name}"), TURN, ((PAGE, str(to)),)) for name, to in ways])


def _severity(say: Catalogue, each: Followed) -> str:
    return say.text(f"names.severity.{each.order.get('severity', 'low')}")
