"""How a page is declared: once, with its address, its template and what it takes; its JSON form and its entry in the
OpenAPI description come from the same declaration.

    @page("/chips/{chip}", "chip.html", takes=(ON,))
    async def chip(view: View) -> Content: ...

A page gives its content as JSON values under names that machines read, and what only its template needs beside it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.commands.ask import Services
from bot.locale.catalogue import LANGUAGES
from bot.web.templates import render
from bot.web.view import LANGUAGE_COOKIE, View, view_of


@dataclass(frozen=True, slots=True)
class Takes:
    """A parameter of a query, for the description: its name, its form (`date`, `text`, `integer`), what it means."""

    name: str
    form: str
    about: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What a page says: `title` of the window, `data` for machines, `shown` for the template beside the data."""

    title: str
    data: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


Handler = Callable[[View], Awaitable[Content]]


@dataclass(frozen=True, slots=True)
class Page:
    """A declared page. `public` ones stand in the OpenAPI description."""

    path: str
    template: str
    handler: Handler
    takes: tuple[Takes, ...] = ()

    @property
    def json_path(self) -> str:
        """Where its JSON form is."""
        return "/index.json" if self.path == "/" else f"{self.path}.json"

    @property
    def about(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]


PAGES: list[Page] = []
"""Every declared page, in the order of declaration; whole once `bot.web.board` is loaded."""


def page(path: str, template: str, *, takes: tuple[Takes, ...] = ()) -> Callable[[Handler], Handler]:
    """Declare a page."""

    def declare(handler: Handler) -> Handler:
        PAGES.append(Page(path, template, handler, takes))
        return handler

    return declare


ON = Takes("on", "date", "the day that is asked about; today where it is left out")
LANG = Takes("lang", "text", "language of the texts", LANGUAGES)


def add_pages(app: web.Application, services: Services, pages: Sequence[Page]) -> None:
    """Serve declared pages, each as a page and as JSON."""
    for declared in pages:
        app.router.add_get(declared.json_path, _as_json(declared, services))  # first: a part of a path takes dots too
        app.router.add_get(declared.path, _as_page(declared, services))


def _as_page(declared: Page, services: Services) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        view = view_of(request, services)
        content = await declared.handler(view)
        return html(view, declared.template, content, json_path=json_sibling(request))

    return answer


def _as_json(declared: Page, services: Services) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        content = await declared.handler(view_of(request, services, json=True))
        return json(content.data, content.status)

    return answer


def json_sibling(request: web.Request) -> str:
    """Where the JSON form of the page is that was asked for, with the same query."""
    path = "/index.json" if request.path == "/" else f"{request.rel_url.raw_path}.json"
    return f"{path}?{request.rel_url.raw_query_string}" if request.rel_url.raw_query_string else path


def html(view: View, template: str, content: Content, *, json_path: str = "") -> web.Response:
    """A page from its template. A language that was asked for is remembered."""
    body = render(template, view, {**content.data, "title": content.title, "json_path": json_path, **content.shown})
    response = web.Response(body=body.encode(), content_type="text/html", charset="utf-8", status=content.status)
    if view.request.query.get("lang") == view.language:
        response.set_cookie(LANGUAGE_COOKIE, view.language, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


def json(data: Any, status: int = 200) -> web.Response:
    """JSON for machines, readable from any origin: there is nothing private in it."""
    import orjson

    body = orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)
    headers = {"Access-Control-Allow-Origin": "*"}
    return web.Response(body=body, content_type="application/json", status=status, headers=headers)
