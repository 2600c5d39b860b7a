"""The files that somebody gives with a command: fetched from where Discord keeps them, and from nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.commands.declaration import Command, Kind
from bot.commands.reply import Attachment
from bot.errors import UserError

CDN = ("https", "cdn.discordapp.com")
MAX_BYTES = 256 * 1024
LONGEST_S = 20.0
"""Seconds that a file may take; the answer has been promised by then."""


async def with_files(
    data: Mapping[str, Any], command: Command, arguments: Mapping[str, Any], api_url: str = ""
) -> dict[str, Any]:
    """The arguments with the files in the places of their ids. The addresses are those that the interaction itself
    resolves; `api_url` is the REST API's where it is not Discord's own: files may lie on that host as well.

    Raises UserError `errors.file_elsewhere`, `errors.file_too_large` (most, in KB) and `errors.file_unreachable`.
    """
    found = dict(arguments)
    for parameter in command.parameters:
        if parameter.kind is Kind.FILE and found.get(parameter.name):
            resolved = (data.get("resolved") or {}).get("attachments") or {}
            found[parameter.name] = await _fetched(resolved.get(str(found[parameter.name])) or {}, api_url)
    return found


async def _fetched(described: Mapping[str, Any], api_url: str) -> Attachment:
    url = str(described.get("url") or "")
    if not _is_kept_there(url, api_url):
        raise UserError("errors.file_elsewhere")
    too_large = UserError("errors.file_too_large", most=MAX_BYTES // 1024)
    if (described.get("size") or 0) > MAX_BYTES:
        raise too_large
    try:
        # a session of its own: the token, the pace and the count of refusals are the API's
        timeout = aiohttp.ClientTimeout(total=LONGEST_S)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise UserError("errors.file_unreachable")
            content = bytearray()
            async for chunk in answer.content.iter_chunked(16 * 1024):
                content += chunk
                if len(content) > MAX_BYTES:  # what was described is not always what comes
                    raise too_large
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise UserError("errors.file_unreachable") from error
    return Attachment(str(described.get("filename") or "file"), bytes(content))


def _is_kept_there(url: str, api_url: str) -> bool:
    """Whether an address is one of Discord's store of files, or of the host that stands in for it."""
    try:
        asked, api = urlsplit(url), urlsplit(api_url)
        place = (asked.scheme, asked.hostname, asked.port)
        own = (api.scheme, api.hostname, api.port)
    except ValueError:
        return False
    if asked.username is not None or asked.password is not None:
        return False
    return place == (*CDN, None) or (bool(api_url) and place == own)
