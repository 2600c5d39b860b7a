"""What a document is about, decided from its title, lead, outlet and date: offline, the same on every machine."""

from __future__ import annotations

from datetime import date, datetime

from bot.model import Assessment, Document, Trust
from bot.pipeline.assess.judge import judge

__all__ = ["assess", "assess_text"]


def assess(document: Document, source_trust: Trust, source_name: str = "", now: datetime | None = None) -> Assessment:
    """Assess a document of a source.

    `source_trust` is the trust in the source's record, `source_name` its name as people know it. `now` (UTC) is the day
    against which an undated document is held stale; None leaves that out. Never raises for what a text holds.
    """
    published = document.published or (document.updated if now is None else now)
    return judge(document.title, document.summary, source_name, document.url, published, source_trust, document.kind)


def assess_text(
    title: str,
    lead: str = "",
    outlet: str = "",
    url: str | None = None,
    published: datetime | date | None = None,
    language: str | None = None,
    trust: Trust | None = None,
) -> Assessment:
    """Assess an item as `chipwatch assess` reads it. Everything but the title may be missing."""
    return judge(title, lead, outlet, url, published, trust)
