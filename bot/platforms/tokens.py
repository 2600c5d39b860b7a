"""What Discord and Slack say of the tokens: good or not, who we are, what is missing; each with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings

ASKED_S = 8.0
DISCORD_API = "https://discord.com/api/v10"
FEW_STARTS = 50
"""Sessions left of the thousand that Discord lets a token begin in a day; fewer is worth a word."""

Said = tuple[str, bool, str, str]
"""The check, whether it is well, what was seen, what to do."""


async def asked(settings: Settings) -> list[Said]:
    """Everything that the platforms say; a platform without a token is only named."""
    return [*await _discord(settings), *await _slack(settings)]


async def _discord(settings: Settings) -> list[Said]:
    token = settings.discord.token.reveal()
    if not token:
        said = "to use it, set CHIPWATCH_DISCORD__TOKEN"
        return [("discord", True, "no token: left out, the console serves", said)]
    base = (settings.discord.api_url or DISCORD_API).rstrip("/")
    headers = {"Authorization": f"Bot {token}"}
    status, me, _ = await _ask("GET", f"{base}/users/@me", headers)
    if status == 401:
        remedy = "set discord.token to a fresh one: developer portal, Bot"
        return [("discord", False, "Discord does not take the token", remedy)]
    if status != 200:
        return [_away("discord", status)]
    found: list[Said] = [("discord", True, f"the token is good: {me.get('username', '?')}", "")]
    status, door, _ = await _ask("GET", f"{base}/gateway/bot", headers)
    left = int((door.get("session_start_limit") or {}).get("remaining", 0)) if status == 200 else 0
    well = status == 200 and left >= FEW_STARTS
    remedy = "" if well else "something restarts the bot again and again: look into its log before you start it anew"
    found.append(("discord gateway", well, f"{left} starts left today; no privileged intent is needed", remedy))
    return found


async def _slack(settings: Settings) -> list[Said]:
    from bot.platforms.slack.api import SLACK
    from bot.platforms.slack.manifest import SCOPES

    slack = settings.slack
    token, app_token = slack.bot_token.reveal(), slack.app_token.reveal()
    if not token:
        several = bool(slack.client_id)
        detail = "workspaces install the app: each brings its token" if several else "no token: left out"
        return [("slack", True, detail, "" if several else "to use it, set CHIPWATCH_SLACK__BOT_TOKEN")]
    base = (slack.api_url or SLACK).rstrip("/")
    status, answer, headers = await _ask("POST", f"{base}/auth.test", {"Authorization": f"Bearer {token}"})
    if status != 200:
        return [_away("slack", status)]
    if not answer.get("ok"):
        return [("slack", False, f"Slack says {answer.get('error')}", "install the app anew and set slack.bot_token")]
    found: list[Said] = [("slack", True, f"the token is good: {answer.get('team', '?')}", "")]
    granted = {each.strip() for each in headers.get("X-OAuth-Scopes", "").split(",") if each.strip()}
    lacking = sorted(set(SCOPES) - granted) if granted else []
    detail = f"missing: {', '.join(lacking)}" if lacking else "every scope that is used is there"
    remedy = "take over config/slack-manifest.json and install the app anew" if lacking else ""
    found.append(("slack scopes", not lacking, detail, remedy))
    if app_token:
        status, answer, _ = await _ask(
            "POST", f"{base}/apps.connections.open", {"Authorization": f"Bearer {app_token}"}
        )
        well = status == 200 and bool(answer.get("ok"))
        detail = "Socket Mode opens" if well else f"Socket Mode does not open: {answer.get('error') or status}"
        remedy = "" if well else "make an app-level token with connections:write and set slack.app_token"
        found.append(("slack socket", well, detail, remedy))
    return found


def _away(name: str, status: int) -> Said:
    seen = f"HTTP {status}" if status else "it cannot be reached"
    return name, False, f"{seen}; whether the token is good is not known", "look at the network, then run this again"


async def _ask(method: str, url: str, headers: Mapping[str, str]) -> tuple[int, dict[str, Any], Mapping[str, str]]:
    """Status, JSON and headers of an answer; status 0 where there was none."""
    import aiohttp

    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASKED_S)) as session,
            session.request(method, url, headers=headers) as answer,
        ):
            told = await answer.json(content_type=None)
            return answer.status, told if isinstance(told, dict) else {}, answer.headers
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return 0, {}, {}
