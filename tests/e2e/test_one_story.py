"""Filed, published, corrected: one document on its way is one story and one message, edited in place."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

FR = "https://www.federalregister.gov"
SEARCH = f"{FR}/api/v1/documents.json?conditions[agencies][]=industry-and-security-bureau"
DESK = f"{FR}/api/v1/public-inspection-documents/current.json"
SOURCES = """
[[source]]
id = "register"
kind = "federal_register"
agencies = ["industry-and-security-bureau"]

[[source]]
id = "desk"
kind = "public_inspection"
agencies = ["industry-and-security-bureau"]
"""
TITLE = "Licensing Requirements for Exports of Advanced Computing Chips to China"
ABSTRACT = "This rule requires a licence for exports of Nvidia H20 chips to China. It amends ECCN 3A090."
BIS = {"name": "Industry and Security Bureau", "slug": "industry-and-security-bureau"}


def filed(number: str = "2026-04321", title: str = TITLE, published: str = "2026-05-06", **more: Any) -> dict[str, Any]:
    return {
        "document_number": number,
        "title": f"{title}  ",
        "type": "Rule",
        "agencies": [BIS],
        "filing_type": "special",
        "filed_at": "2026-05-04T08:45:00.000-04:00",
        "editorial_note": None,
        "publication_date": published,
        "html_url": f"{FR}/public-inspection/{number}/a-rule",
        "page_views": {"count": 1},
        **more,
    }


def published(number: str = "2026-04321", day: str = "2026-05-06", **more: Any) -> dict[str, Any]:
    return {
        "document_number": number,
        "title": TITLE,
        "type": "Rule",
        "abstract": ABSTRACT,
        "action": "Interim final rule.",
        "agencies": [BIS],
        "publication_date": day,
        "html_url": f"{FR}/documents/{day.replace('-', '/')}/{number}/a-rule",
        **more,
    }


OTHER = published("2026-00001", "2026-04-01", title="Order Renewing Temporary Denial of Export Privileges", abstract="")


def page(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"count": len(entries), "results": list(entries), **more}


class Tape:
    """A recording in the making."""

    def __init__(self, folder: Path, sources: str = SOURCES) -> None:
        self.folder = folder
        (folder / "bodies").mkdir(parents=True)
        (folder / "sources.toml").write_text(sources, encoding="utf-8")
        self.lines: list[str] = []

    def add(self, at: str, url: str, body: Any, status: int = 200, age: int = 0, **headers: str) -> Tape:
        name = f"bodies/{len(self.lines)}"
        text = body if isinstance(body, str) else json.dumps(body)
        (self.folder / name).write_text(text, encoding="utf-8")
        given = {"Content-Type": "application/json", **({"Age": str(age)} if age else {}), **headers}
        when = datetime.fromisoformat(at).isoformat() + "+00:00"
        self.lines.append(json.dumps({"at": when, "url": url, "status": status, "headers": given, "body": name}))
        (self.folder / "index.jsonl").write_text("\n".join(self.lines) + "\n", encoding="utf-8")
        return self


@pytest.fixture
def tape(tmp_path: Path) -> Tape:
    """A desk and a Register that have said where they stand."""
    fresh = Tape(tmp_path / "recording")
    fresh.add("2026-05-01T12:00", SEARCH, page(OTHER))
    return fresh.add("2026-05-01T12:00", DESK, page(filed("2026-00002", "Meetings; Sunshine Act", "2026-05-02")))


def changes(lines: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(line["source"], line["change"], line["key"]) for line in lines if line["op"] == "change"]


def test_filed_published_corrected_is_one_story_and_one_message(chipwatch, tape):
    tape.add("2026-05-04T12:46", DESK, page(filed()))
    tape.add("2026-05-06T10:15", SEARCH, page(published(), OTHER))
    tape.add("2026-05-06T13:00", DESK, page(filed("2026-00003", "Meetings; Sunshine Act", "2026-05-08")))
    mending = published("C1-2026-04321", "2026-05-12", title="Erratum", abstract="On page 9, a date is set right.")
    tape.add("2026-05-12T10:15", SEARCH, page(mending, published(), OTHER))
    lines = chipwatch("replay", tape.folder, "--changes", "--json").lines
    assert changes(lines) == [
        ("desk", "new", "2026-04321"),
        ("register", "new", "2026-04321"),
        ("desk", "new", "2026-00003"),
        ("register", "corrected", "C1-2026-04321"),
    ]
    about = [line for line in lines if line["op"] == "change" and line["key"].endswith("04321")]
    (story,) = {line["story"] for line in about}
    messages = [line for line in lines if "card" in line]
    assert {line["story"] for line in messages} == {story}
    assert [line["op"] for line in messages].count("post") == 1
    at_the_end = [line for line in messages if line["op"] == "edit"][-1]
    assert [d["url"].rpartition("/documents/")[2] for d in at_the_end["documents"]] == [
        "2026/05/06/2026-04321/a-rule",
        "2026/05/12/C1-2026-04321/a-rule",
    ], "the desk's copy gives way to the published document"


def test_the_register_may_list_a_document_before_its_day_and_the_desk_drop_it(chipwatch, tape):
    tape.add("2026-05-04T12:46", DESK, page(filed(), filed("2026-00009", "Sunshine Act", "2026-05-09")))
    tape.add("2026-05-05T10:15", SEARCH, page(published(), OTHER))
    tape.add("2026-05-05T18:00", DESK, page(filed("2026-00009", "Sunshine Act", "2026-05-09")))
    lines = chipwatch("replay", tape.folder, "--changes", "--json").lines
    assert "withdrawn" not in {change for _, change, _ in changes(lines)}


def test_a_document_that_vanishes_unpublished_is_withdrawn_and_said_so(chipwatch, tape):
    tape.add("2026-05-04T12:46", DESK, page(filed(), filed("2026-00009", "Sunshine Act", "2026-05-09")))
    tape.add("2026-05-04T18:00", DESK, page(filed("2026-00009", "Sunshine Act", "2026-05-09")))
    lines = chipwatch("replay", tape.folder, "--changes", "--json").lines
    assert changes(lines)[-1] == ("desk", "withdrawn", "2026-04321")
    assert [line["op"] for line in lines if "card" in line] == ["post", "edit", "reply"]


@pytest.mark.parametrize("blank", [{"count": 0, "meta": {"pil_unavailability_message": "closed"}}, page()])
def test_the_closed_desk_and_an_old_copy_are_nothing(chipwatch, tape, blank):
    tape.add("2026-05-04T12:46", DESK, page(filed(), filed("2026-00009", "Sunshine Act", "2026-05-09")))
    tape.add("2026-05-05T05:00", DESK, blank)
    older = page(filed("2026-00009", "Sunshine Act", "2026-05-09"))
    tape.add("2026-05-05T13:00", DESK, older, age=90_000)  # a copy from before the document was filed
    tape.add("2026-05-05T13:10", DESK, page(filed(), filed("2026-00009", "Sunshine Act", "2026-05-09")))
    lines = chipwatch("replay", tape.folder, "--changes", "--json").lines
    assert changes(lines) == [("desk", "new", "2026-04321"), ("desk", "new", "2026-00009")]
    assert [line["op"] for line in lines if "card" in line] == ["post"]
