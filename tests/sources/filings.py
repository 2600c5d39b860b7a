"""Answers of EDGAR made for the tests, in the service's own format."""

from __future__ import annotations

from typing import Any

COLUMNS = (
    "accessionNumber", "filingDate", "reportDate", "acceptanceDateTime", "act", "form", "fileNumber", "filmNumber",
    "items", "core_type", "size", "isXBRL", "isInlineXBRL", "primaryDocument", "primaryDocDescription",
)  # fmt: skip

FILING = """<html><head><title>chip-20260415</title></head><body>
<div style="display:none">0000000042 false 8-K</div>
<p>FORM 8-K</p><p>Item 8.01 Other Events.</p>
<p>On April 9, 2026, the U.S. government informed Chip Corp that it requires a license for export to China of its H20
integrated circuits. First quarter results are expected to include up to $1 billion of charges.</p>
<p>Licensed software revenue grew. Our leases in China are recorded at cost.</p>
<p>The license requirement addresses the risk that the products may be used in a supercomputer in China.</p>
<script>var exportControls = "China license";</script></body></html>"""


def filing(number: str, **values: Any) -> dict[str, Any]:
    """One row with the service's own empty texts."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"size": 9242, "isXBRL": 0, "isInlineXBRL": 0}
    row |= {
        "accessionNumber": number,
        "filingDate": "2026-04-15",
        "form": "8-K",
        "primaryDocument": "chip-20260415.htm",
    }
    return row | values


def submissions(*rows: dict[str, Any], name: str = "CHIP CORP", **more: Any) -> dict[str, Any]:
    """A submissions file, columnar as the service sends it."""
    recent = {column: [row[column] for row in rows] for column in COLUMNS}
    page: dict[str, Any] = {"cik": "42", "name": name, "lei": None, "filings": {"recent": recent, "files": []}}
    return page | more
