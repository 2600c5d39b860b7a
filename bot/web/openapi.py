"""The OpenAPI description of the board's JSON, made from the declarations of the pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.web.pages import LANG, Page, Takes, json

FORMS: dict[str, dict[str, str]] = {
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
}
SAY = Takes("say", "text", "the command, with or without its slash")
_PART = re.compile(r"\{(\w+)\}")
FEEDS = {
    "/feed.xml": ("Stories as Atom.", "application/atom+xml"),
    "/feed.json": ("Stories as JSON Feed.", "application/feed+json"),
    "/calendar.ics": ("Dates ahead as iCalendar.", "text/calendar"),
}


def add_description(app: web.Application, pages: Sequence[Page]) -> None:
    """Serve the description."""

    async def answer(request: web.Request) -> web.Response:
        return json(description(pages))

    app.router.add_get("/openapi.json", answer)


def description(pages: Sequence[Page]) -> dict[str, Any]:
    """The description, OpenAPI 3.1."""
    from importlib.metadata import version

    paths = {declared.json_path: {"get": _operation(declared)} for declared in pages}
    stories = next(declared for declared in pages if declared.path == "/stories")
    for path, (about, media) in FEEDS.items():
        takes = stories.takes if path != "/calendar.ics" else stories.takes[-1:]
        paths[path] = {
            "get": {
                "summary": about,
                "operationId": path.strip("/").replace(".", "_"),
                "parameters": [_query(each) for each in takes],
                "responses": {"200": {"description": about, "content": {media: {}}}, **_REFUSED},
            }
        }
    paths["/try.json"] = {
        "get": {
            "summary": "A command as it is typed in chat, and the cards that answer it.",
            "operationId": "try",
            "parameters": [_query(SAY), _query(LANG)],
            "responses": {
                "200": {"description": "The cards.", "content": {"application/json": {"schema": {"type": "object"}}}},
                **_REFUSED,
            },
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Chipwatch",
            "version": version("chipwatch"),
            "description": "The export status of AI chips and what happened to it. No legal advice.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
    }


_PROBLEM = {
    "type": "object",
    "required": ["error", "message"],
    "properties": {"error": {"type": ["string", "integer"]}, "message": {"type": "string"}},
}
_REFUSED = {
    "400": {
        "description": "What was asked cannot be answered.",
        "content": {"application/json": {"schema": _PROBLEM}},
    }
}
_MISSING = {"404": {"description": "There is no such thing.", "content": {"application/json": {"schema": _PROBLEM}}}}


def _operation(declared: Page) -> dict[str, Any]:
    parts = _PART.findall(declared.path)
    return {
        "summary": declared.about,
        "operationId": declared.handler.__name__,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": _text()} for name in parts),
            *(_query(each) for each in declared.takes),
        ],
        "responses": {
            "200": {"description": declared.about, "content": {"application/json": {"schema": {"type": "object"}}}},
            **_REFUSED,
            **(_MISSING if parts else {}),
        },
    }


def _query(takes: Takes) -> dict[str, Any]:
    schema = _text() if takes.form == "text" else dict(FORMS[takes.form])
    if takes.choices:
        schema = {"type": "string", "enum": [str(choice) for choice in takes.choices]}
    return {"name": takes.name, "in": "query", "description": takes.about, "schema": schema}


def _text() -> dict[str, Any]:
    return {"type": "string", "maxLength": 200}
