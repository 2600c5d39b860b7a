"""What every request passes: hosts that are not ours, bodies too large and slow readers are sent away, every answer
carries the headers that keep a page from being used against its reader, and mistakes become pages."""

from __future__ import annotations

import ipaddress
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.commands.ask import Services
from bot.errors import UserError
from bot.fetch.address import names_host
from bot.logs import logger
from bot.web.pages import Content, html, json
from bot.web.view import view_of

LARGEST_ANY = 1024 * 1024
"""Bytes of a body that any route reads: chat platforms send windows of a quarter of that."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # without any, browsers send forms of our own with no origin either
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def guards(services: Services) -> list[Middleware]:
    """The middlewares, the outermost first."""

    @web.middleware
    async def headers(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.secure or services.settings.web.url.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    @web.middleware
    async def mistakes(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except UserError as error:
            return _refused(request, services, error)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return _failed(request, services, error.status, error.headers.get("Allow"))
        except Exception:
            reference = secrets.token_hex(4)
            logger("web").exception("page_failed", path=request.path[:200], reference=reference)
            return _failed(request, services, 500, reference=reference)

    @web.middleware
    async def hosts(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not host_is_ours(request.host, services.settings.web.hosts):
            raise web.HTTPMisdirectedRequest
        return await handler(request)

    return [headers, mistakes, hosts]


def host_is_ours(host: str, ours: tuple[str, ...]) -> bool:
    """Whether the Host header names this board; with no host set, any will do that can be part of an address."""
    if not names_host(host):
        return False
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return not ours or name.lower().strip("[]") in {own.lower() for own in ours} | {"localhost", "127.0.0.1", "::1"}


def wants_json(request: web.Request) -> bool:
    """Whether the asker is a machine."""
    return request.path.endswith((".json", ".xml", ".ics")) or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def _refused(request: web.Request, services: Services, error: UserError) -> web.Response:
    from bot.cards.problem import problem_card

    view = view_of(request, services)
    card = problem_card(error, view.language)
    if wants_json(request):
        return json({"error": error.key.removeprefix("errors."), "message": card.fallback}, 400)
    content = Content(view.text("board.error.title"), {}, {"card": card, "reference": ""}, 400)
    return html(view, "error.html", content)


def _failed(
    request: web.Request, services: Services, status: int, allow: str | None = None, reference: str = ""
) -> web.Response:
    view = view_of(request, services)
    key = f"board.error.{status}" if view.say.has(f"board.error.{status}") else "board.error.other"
    if wants_json(request):
        response = json({"error": status, "message": view.text(key)}, status)
    else:
        shown = {"card": None, "words": view.text(key), "reference": reference}
        response = html(view, "error.html", Content(view.text("board.error.title"), {}, shown, status))
    if allow:
        response.headers["Allow"] = allow
    return response


def asker(request: web.Request) -> str:
    """Whom to count a request to: an IPv4 address, an IPv6 network of 64 bits; empty where there is none.

    Behind a proxy of one's own, which is one in a private network, it is whom the proxy says that it speaks for: the
    last entry of `X-Forwarded-For`, which it has written itself.
    """
    address = _address(request.remote or "")
    said = request.headers.getall("X-Forwarded-For", [])
    if said and address is not None and not address.is_global:
        address = _address(said[-1].rpartition(",")[2].strip()) or address
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
