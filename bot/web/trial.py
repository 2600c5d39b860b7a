"""Try it: type a command and see the card as Discord or Slack would show it; follow in this window and play a week of
July 2025. No account, no token: the console of the browser."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from bot.cards.card import Card
from bot.cards.card_json import card_json
from bot.commands.ask import Ask, Person, Services, Where
from bot.commands.desk import Desk
from bot.delivery.presets import PRESETS
from bot.web.markup import card_markup
from bot.web.pages import Content, html, json, json_sibling
from bot.web.view import View, view_of

LOOKS = ("discord", "slack")
EXAMPLES = ("H20 CN on 2025-05-20", "H200 Malaysia", "H200 Singapore buyer:China", "ask can I ship an H200 to Dubai?",
            "promises", "upcoming", "info MI308X", "news")  # fmt: skip
AT_ONCE = 4
"""So many weeks are played at the same time; a further visitor is asked to wait."""
PAUSE_S = 0.6


Play = Callable[[Mapping[str, Any], str, float], AsyncGenerator[tuple[str, str, Card], None]]
"""Plays the bundled week for an order, in a language, with so many seconds between two instants: what is done (`post`,
`edit`, `reply`), the key of the message it is done to, and its card."""


@dataclass(slots=True)
class Trial:
    """Serves the page. `play` is None where nothing can be played."""

    services: Services
    play: Play | None = None
    desk: Desk = field(default_factory=Desk)
    _playing: int = 0

    def add_to(self, app: web.Application) -> None:
        """The routes."""
        app.router.add_get("/try.json", self._as_json)
        app.router.add_get("/try", self._page)
        app.router.add_get("/try/week", self._week)

    async def _page(self, request: web.Request) -> web.Response:
        view = view_of(request, self.services)
        said = view.asked("say")
        answer = [card_markup(card) for card in await self._answer(view, said)] if said else None
        shown = {
            "said": said,
            "typed": said.lstrip("/") if said.startswith("/") else f"chip {said}",
            "look": view.asked("as") if view.asked("as") in LOOKS else LOOKS[0],
            "looks": LOOKS,
            "answer": answer,
            "examples": EXAMPLES,
            "presets": tuple(PRESETS),
            "can_play": self.play is not None,
        }
        return html(view, "try.html", Content(view.text("board.try.title"), {}, shown), json_path=json_sibling(request))

    async def _as_json(self, request: web.Request) -> web.Response:
        """The cards of an answer as JSON."""
        view = view_of(request, self.services, json=True)
        said = view.asked("say")
        return json(
            {"said": said, "cards": [card_json(card) for card in await self._answer(view, said)] if said else []}
        )

    async def _answer(self, view: View, said: str) -> list[Card]:
        """The cards of an answer. Nobody here manages anything: what changes something is refused, as it would be."""
        where = Where("console", direct=True, recorded=False)
        ask = Ask(Person("visitor"), where, view.language, self.services)
        reply = await self.desk.typed(ask, line_of(said), ("chip", "chipwatch"))
        return list(reply.cards)

    async def _week(self, request: web.Request) -> web.StreamResponse:
        view = view_of(request, self.services)
        if self.play is None or self._playing >= AT_ONCE:
            raise web.HTTPServiceUnavailable
        order = PRESETS.get(view.asked("preset")) or next(iter(PRESETS.values()))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        self._playing += 1
        try:
            async with contextlib.aclosing(self.play(order, view.language, PAUSE_S)) as week:
                async for op, message, card in week:
                    line = {"op": op, "message": message, "html": card_markup(card, level=3)}
                    await response.write(b"data: " + orjson.dumps(line, default=str) + b"\n\n")
                await response.write(b"event: end\ndata: {}\n\n")
        except ConnectionResetError:
            pass  # the visitor has left
        finally:
            self._playing -= 1
        return response


def line_of(said: str) -> str:
    """What follows the command's name, which may be typed or left out."""
    name, _, rest = said.lstrip("/").partition(" ")
    return rest if name.casefold() in ("chip", "chipwatch") else said.lstrip("/")
