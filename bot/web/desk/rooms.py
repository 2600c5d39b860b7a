"""How a room of the desk and an act in it are declared. Rooms are read with a session; acts are sent by a form of the
same session, do one thing, leave a line in the audit log, and lead back to a room.

    @room("/desk/held", "desk/held.html")
    async def held(view: View) -> Content: ...

    @act("/desk/held/release")
    async def release(view: View, form: Mapping[str, str]) -> Done: ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.commands.ask import Services
from bot.errors import ChipwatchError, UserError
from bot.web.desk.entrance import COOKIE, LASTS, Entrance
from bot.web.guard import asker
from bot.web.pages import Content, html
from bot.web.view import View, view_of

LARGEST_FORM = 64 * 1024
WHO = "desk"
"""Who acts, in the audit log: the desk has one key, not names."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to: where it leads back to, and what is said there (a key of `board.desk.done`)."""

    back: str
    said: str
    values: Mapping[str, object] = field(default_factory=dict)


SHOWN = 100
"""Rows of a room that waits for somebody: what is done makes room for more."""


def number_in(form: Mapping[str, str]) -> int:
    """The number that a form sends; 0, which names nothing, for anything else."""
    given = form.get("number", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0


Reading = Callable[[View], Awaitable[Content]]
Acting = Callable[[View, Mapping[str, str]], Awaitable[Done]]
ROOMS: dict[str, tuple[str, Reading]] = {}
ACTS: dict[str, Acting] = {}


def room(path: str, template: str) -> Callable[[Reading], Reading]:
    """Declare a room."""

    def declare(reading: Reading) -> Reading:
        ROOMS[path] = (template, reading)
        return reading

    return declare


def act(path: str) -> Callable[[Acting], Acting]:
    """Declare an act."""

    def declare(acting: Acting) -> Acting:
        ACTS[path] = acting
        return acting

    return declare


@dataclass(slots=True)
class Desk:
    """Serves the rooms to whoever has come in."""

    services: Services
    entrance: Entrance

    def add_to(self, app: web.Application) -> None:
        """The routes. A desk without a token has only its door, which says that it is closed."""
        app.router.add_get("/desk/enter", self._door)
        app.router.add_post("/desk/enter", self._enter)
        app.router.add_post("/desk/leave", self._leave)
        for path, (template, reading) in ROOMS.items():
            app.router.add_get(path, self._room(template, reading))
        for path, acting in ACTS.items():
            app.router.add_post(path, self._act(acting))

    async def _door(self, request: web.Request) -> web.Response:
        return self._closed(view_of(request, self.services), "")

    def _closed(self, view: View, complaint: str) -> web.Response:
        shown = {"complaint": complaint, "open": self.entrance.is_open}
        content = Content(view.text("board.desk.title"), {}, shown, 401 if complaint else 200)
        return html(view, "desk/enter.html", content)

    async def _enter(self, request: web.Request) -> web.Response:
        view = view_of(request, self.services)
        if not same_site(request):
            raise web.HTTPForbidden
        form = await form_of(request)
        cookie = self.entrance.try_token(form.get("token", ""), asker(request))
        if cookie is None:
            return self._closed(view, view.text("board.desk.wrong"))
        response = web.HTTPSeeOther("/desk")
        secure = request.secure or self.services.settings.web.url.startswith("https://")
        response.set_cookie(
            COOKIE, cookie, max_age=int(LASTS.total_seconds()), path="/desk", httponly=True, samesite="Strict",
            secure=secure,
        )  # fmt: skip
        raise response

    async def _leave(self, request: web.Request) -> web.Response:
        if not same_site(request):
            raise web.HTTPForbidden
        response = web.HTTPSeeOther("/desk/enter")
        response.del_cookie(COOKIE, path="/desk")
        raise response

    def _room(self, template: str, reading: Reading) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            session = self.entrance.session(request.cookies.get(COOKIE, ""))
            if session is None:
                raise web.HTTPSeeOther("/desk/enter")
            return await self._read(view_of(request, self.services), session, template, reading)

        return answer

    async def _read(self, view: View, session: str, template: str, reading: Reading, problem: str = "") -> web.Response:
        content = await reading(view)
        said = view.asked("done")
        key = f"board.desk.done.{said}"
        shown: dict[str, Any] = {
            **content.shown,
            "proof": self.entrance.proof(session),
            "done": view.text(key, **_values(view, key)) if said and view.say.has(key) else "",
            "problem": problem,
            "rooms": [path for path in ROOMS if path.count("/") < 3],
        }
        status = 400 if problem else content.status
        response = html(view, template, Content(content.title, content.data, shown, status))
        response.headers["Cache-Control"] = "no-store"
        return response

    def _act(self, acting: Acting) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            session = self.entrance.session(request.cookies.get(COOKIE, ""))
            if session is None:
                raise web.HTTPSeeOther("/desk/enter")
            form = await form_of(request)
            if not same_site(request) or not self.entrance.proves(session, form.pop("proof", "")):
                raise web.HTTPForbidden
            view = view_of(request, self.services)
            try:
                done = await acting(view, form)
            except ChipwatchError as error:
                return await self._refused(view, session, request.path, error)
            values = {name: str(value) for name, value in done.values.items()}
            raise web.HTTPSeeOther(f"{done.back}?{urlencode({'done': done.said, **values})}")

        return answer

    async def _refused(self, view: View, session: str, path: str, error: ChipwatchError) -> web.Response:
        """The room that the form stood in once more, with what was wrong."""
        from bot.cards.problem import problem_line
        from bot.locale.rich import plain

        back = max((each for each in ROOMS if path.startswith(each)), key=len)
        template, reading = ROOMS[back]
        words = plain(problem_line(error, view.language)) if isinstance(error, UserError) else str(error)
        return await self._read(view, session, template, reading, words)


async def form_of(request: web.Request) -> dict[str, str]:
    """What was filled in. Raises HTTPRequestEntityTooLarge, HTTPBadRequest for what is no text."""
    try:
        found = await request.clone(client_max_size=LARGEST_FORM).post()
    except (LookupError, UnicodeError):  # an alphabet that nobody knows, or signs that are not of it
        raise web.HTTPBadRequest from None
    return {name: value for name, value in found.items() if isinstance(value, str)}


def same_site(request: web.Request) -> bool:
    """Whether a form came from a page of this host, as far as the browser says."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.host


def _values(view: View, key: str) -> dict[str, str]:
    """The values that a sentence has a place for, from the address."""
    from bot.locale.message import names_of

    return {name: view.asked(name) for name in names_of(view.say.message(key, {}))}
