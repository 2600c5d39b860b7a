"""What kind of publisher an answer comes from, when nobody has said so: what `chipwatch sources test` asks."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.sources.base import KINDS, Reading
from bot.sources.recorded import loose_source


def sniff(answer: Answer) -> tuple[str, Reading]:
    """The kind of an answer, and what a source of that kind would read from it.

    Raises SourceError: `challenge`, `unknown_service` for JSON of a service that is not read here, else what the kind
    raises (`not_a_feed` for a page of any other sort, `entity_declaration`, `cut_short`, ...).
    """
    kind = _kind_of_json(answer) or _kind_of_text(answer.body[:2048]) or "feed"
    if kind not in KINDS:
        raise SourceError("unknown_service", f"the answer looks like {kind}, which this version does not read")
    return kind, loose_source(kind, answer.url or None).read(answer)


def _kind_of_json(answer: Answer) -> str | None:
    """The kind that a JSON answer's keys tell, or None where it is no JSON or may be a feed."""
    start = answer.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith((b"{", b"[")):
        return None
    try:
        page = json.loads(answer.text())
    except (ValueError, RecursionError):
        return None
    if isinstance(page, list) and page and isinstance(page[0], dict):
        return "screening_list" if {"source", "name"} <= page[0].keys() else None
    return _kind_of_page(page) if isinstance(page, dict) else None


def _kind_of_text(start: bytes) -> str | None:
    """The kind of a table or a text of law by its first words, None where they tell nothing."""
    first = start.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].lower()
    if b"source" in first and b"name" in first and b"federal" in first and first.count(b",") > 3:
        return "screening_list"
    return "ecfr" if re.search(rb"<DIV[5689] [^>]*\bTYPE=\"(?:PART|SUBPART|SECTION|APPENDIX)\"", start) else None


def _kind_of_page(page: dict[str, Any]) -> str | None:
    results = page.get("results")
    first = results[0] if isinstance(results, list) and results and isinstance(results[0], dict) else {}
    if "meta" in page and "pil_unavailability_message" in str(page["meta"]):
        return "public_inspection"
    if "filing_type" in first or "pdf_updated_at" in first:
        return "public_inspection"
    if "document_number" in first or {"description", "count"} <= page.keys():
        return "federal_register"
    filings = page.get("filings")
    if isinstance(filings, dict) and "recent" in filings:
        return "edgar"
    if "content_versions" in page:
        return "ecfr"
    if {"source", "federal_register_notice"} <= first.keys():
        return "screening_list"
    return "congress" if {"bills", "pagination"} <= page.keys() else None
