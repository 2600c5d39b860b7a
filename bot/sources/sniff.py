"""What kind of publisher an answer comes from, when nobody has said so: what `chipwatch sources test` asks."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.sources.base import KINDS, Reading
from bot.sources.challenge import refuse_challenge
from bot.sources.json_plan import plan_of
from bot.sources.recorded import loose_source

LOOKED_AT = 20_000
_HTML = re.compile(r"<!doctype\s+html\b|<html[\s>]|<body[\s>]", re.IGNORECASE)


def sniff(answer: Answer) -> tuple[str, Reading]:
    """The kind of an answer, and what a source of that kind would read from it.

    Raises SourceError: `challenge`, `unknown_service` for JSON of a service that is not read here, else what the kind
    raises (`not_a_feed` for what is neither a feed, a page nor a list in JSON, `entity_declaration`, `cut_short`, ...).
    """
    page = _json(answer)
    kind = _kind_of_json(page) or _kind_of_text(answer.body[:2048]) or "feed"
    if kind not in KINDS:
        raise SourceError("unknown_service", f"the answer looks like {kind}, which this version does not read")
    try:
        return kind, loose_source(kind, answer.url or None).read(answer)
    except SourceError as error:
        other = _other_kind(answer, page) if error.name in ("not_a_feed", "challenge") else None
        if other is None or (error.name == "challenge" and other != "page"):
            raise
        reading = loose_source(other, answer.url or None).read(answer)
        if error.name == "challenge":  # many a page guards its forms: what is seen of it decides
            refuse_challenge(answer, "\n".join(f"{one.title}\n{one.summary}" for one in reading.documents[:1]))
        return other, reading


def _json(answer: Answer) -> Any:
    """What a JSON answer holds; None where it is none."""
    start = answer.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith((b"{", b"[")):
        return None
    try:
        return json.loads(answer.text())
    except (ValueError, RecursionError):
        return None


def _kind_of_json(page: Any) -> str | None:
    if isinstance(page, list) and page and isinstance(page[0], dict):
        return "screening_list" if {"source", "name"} <= page[0].keys() else None
    return _kind_of_page(page) if isinstance(page, dict) else None


def _other_kind(answer: Answer, page: Any) -> str | None:
    """What an answer is that is no feed: a list in JSON, a web page, or nothing that is read."""
    if page is not None:
        return "json_api" if plan_of(page) is not None else None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("image/") or kind in ("application/pdf", "text/plain"):
        return None
    return "page" if _HTML.search(answer.text()[:LOOKED_AT]) else None


def _kind_of_text(start: bytes) -> str | None:
    """The kind of a table or a text of law by its first words, None where they tell nothing."""
    first = start.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].lower()
    if b"source" in first and b"name" in first and b"federal" in first and first.count(b",") > 3:
        return "screening_list"
    return "ecfr" if re.search(rb"<DIV[5689] [^<>]*\bTYPE=\"(?:PART|SUBPART|SECTION|APPENDIX)\"", start) else None


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
    if isinstance(page.get("bill"), dict) and "latestAction" in page["bill"]:
        return "congress"
    return "congress" if {"bills", "pagination"} <= page.keys() else None
