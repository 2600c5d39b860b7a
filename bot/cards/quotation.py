"""Source titles as quotations: in their own language, marked so, cleaned and cut, linked to their page. Titles of the
ledger's own events are ours and are told in the reader's."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.cutting import clean
from bot.cards.names import event_title
from bot.locale.catalogue import Catalogue
from bot.locale.rich import Rich, Span, Style
from bot.model import ARCHIVE, LEDGER, Member

LONGEST_URL = 1000
OUTLET_LIMIT = 64


def safe_url(url: str | None) -> str | None:
    """The address where it is one that a reader may follow (http or https, one line, of bearable length)."""
    if not url or len(url) > LONGEST_URL or not url.lower().startswith(("http://", "https://")):
        return None
    return url if url.isprintable() and " " not in url else None


def outlet(member: Member) -> str:
    """The outlet's name as it is shown."""
    return clean(member.source_name, OUTLET_LIMIT) or clean(member.source, OUTLET_LIMIT)


def title_of(say: Catalogue, member: Member) -> tuple[str, str | None]:
    """A member's title and its language: a publisher's as he wrote it, an event's in the reader's language where the
    catalogue has it."""
    told = event_title(say, member.title) if member.source in (ARCHIVE, LEDGER) else member.title
    return (told, member.language) if told == member.title else (told, say.language)


def quotation(say: Catalogue, member: Member, limit: int, style: Style = Style.PLAIN) -> Rich:
    """A title in quotation marks, with its language behind it where that is not the reader's."""
    title, language = title_of(say, member)
    title = clean(title, limit) or clean(member.url or member.key, limit)
    spans = [Span(say.form.quote.format(text=title), style, safe_url(member.url))]
    if language and language.partition("-")[0] != say.language:
        spans.append(Span(say.text("alert.in_language", language=language_name(say, language))))
    return tuple(spans)


def language_name(say: Catalogue, code: str) -> str:
    """The name of a language, or its code where the catalogue has no name."""
    key = f"names.language.{code.partition('-')[0].lower()}"
    return say.text(key) if say.has(key) else clean(code, 12)


def best_voice(members: Sequence[Member], language: str, head: Member) -> Member:
    """Whose title to show a reader: the head's where he can read it, else the most trusted one that he can."""
    if head.language in (None, language):
        return head
    readable = [member for member in members if member.language == language and member.title.strip()]
    return max(readable, key=lambda member: member.trust.rank, default=head)
