"""What Slack's errors mean for a delivery: a channel, a workspace or the app out of reach, too fast, our bug, or nobody
knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.errors import DeliveryError, Reach

CHANNEL_GONE = frozenset({
    "channel_not_found", "not_in_channel", "is_archived", "restricted_action", "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "cannot_reply_to_message",
    "restricted_action_thread_locked", "no_permission", "method_not_supported_for_channel_type", "user_not_found",
    "cannot_dm_bot", "user_disabled", "as_user_not_supported", "ekm_access_denied", "not_allowed_token_type",
    "messages_tab_disabled", "slack_connect_canvas_sharing_blocked",
})  # fmt: skip
WORKSPACE_GONE = frozenset({
    "account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "team_access_not_granted",
    "org_login_required", "app_uninstalled", "access_denied", "team_added_to_org", "two_factor_setup_required",
    "invalid_refresh_token",
})  # fmt: skip
MALFORMED = frozenset({
    "msg_too_long", "invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format", "invalid_attachments",
    "too_many_attachments", "no_text", "invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large",
    "slack_file_not_found", "invalid_arguments",
})  # fmt: skip
"""A message that Slack does not take: the same again would be refused again, the bare headline would not."""
GONE_MESSAGES = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})
"""The message that was to be edited or replied to is not there any more, or not ours."""
MAY_NOT_LOOK = frozenset({"missing_scope", "not_in_channel", "no_permission", "not_allowed_token_type"})
"""What was posted there cannot be read; posting may work all the same."""
PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_not_found"})


def refusal(
    method: str, status: int, answer: Mapping[str, Any], headers: Mapping[str, str], now: datetime
) -> DeliveryError:
    """The error of an answer that is not ok. `reason` begins with Slack's own name for it, which tests and people
    can look up."""
    name = str(answer.get("error") or f"http_{status}")
    said = f"{method}: {name}"
    if status == 429 or name in ("ratelimited", "rate_limited"):
        reach: Reach = "channel" if method == "chat.postMessage" else "workspace"
        wait = timedelta(seconds=seconds(headers.get("Retry-After") or headers.get("retry-after")))
        return DeliveryError(said, retry_at=now + wait, slowed=reach)
    if name == "message_limit_exceeded":
        return DeliveryError(said, retry_at=now + timedelta(hours=1), slowed="workspace")
    if name in CHANNEL_GONE:
        return DeliveryError(f"{said}{remedy(name)}", lost="channel")
    if name in WORKSPACE_GONE:
        return DeliveryError(said, lost="workspace")
    if name == "missing_scope":
        # only what posts is lost without its scope; a feature that may not look does without
        posts = method in ("chat.postMessage", "chat.update")
        said = f"{said} {answer.get('needed', '')}".strip()
        return DeliveryError(said, lost="workspace" if posts else None, permanent=not posts)
    if status >= 500 or name in PASSING:
        # whether the message was stored before this came is not known
        return DeliveryError(said, unknown=method == "chat.postMessage")
    return DeliveryError(said, permanent=True)


def remedy(name: str) -> str:
    """What an admin can do about it."""
    return "; invite the bot: /invite @Chipwatch" if name in ("not_in_channel", "channel_not_found") else ""


def seconds(text: str | None) -> float:
    """A Retry-After, at least one second and at most an hour; 1 where it cannot be read."""
    try:
        return min(max(float(text or 1), 1.0), 3600.0)
    except ValueError:
        return 1.0


def error_name(error: DeliveryError) -> str:
    """Slack's own name in an error made here."""
    return error.reason.partition(": ")[2].partition(";")[0].partition(" ")[0]
