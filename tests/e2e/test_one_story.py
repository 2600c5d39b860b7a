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
    said = json.dumps(at_the_end["card"]["lines"], ensure_ascii=False)
    assert "filed 4 May 2026 · published 6 May 2026" in said
    assert "4 May first post" in said


def test_on_the_day_of_effect_the_message_is_edited_in_place_and_once(chipwatch, tape):
    tape.add("2026-05-06T10:15", SEARCH, page(published(effective_on="2026-06-01"), OTHER))
    tape.add("2026-06-03T10:15", SEARCH, page(published(effective_on="2026-06-01"), OTHER))
    later = published(
        "2026-00077", "2026-06-05", title="Order Renewing Temporary Denial of Export Privileges", abstract=""
    )
    tape.add("2026-06-05T10:15", SEARCH, page(later, published(effective_on="2026-06-01"), OTHER))
    post, edit = [line for line in chipwatch("replay", tape.folder, "--json").lines if "card" in line]
    assert (post["op"], edit["op"], edit["at"]) == ("post", "edit", "2026-06-01T04:00:00+00:00")
    assert "takes effect 1 Jun 2026" in json.dumps(post["card"]["lines"])
    assert "day of effect 1 Jun 2026 has come" in json.dumps(edit["card"]["lines"])


CODE = "https://www.ecfr.gov/api/versioner/v1"
WITH_THE_CODE = f"""{SOURCES}
[[source]]
id = "code"
kind = "ecfr"
parts = [742]
"""
PARTS = [{"title": 15, "part": 742}]


def version(day: str, section: str = "742.6", substantive: bool = True) -> dict[str, Any]:
    heading = f"§ {section} Regional stability."
    return {"identifier": section, "name": heading, "date": day, "part": "742", "substantive": substantive,
            "removed": False, "title": "15", "type": "section"}  # fmt: skip


def section(words: str, note: str = "") -> str:
    cita = f'<CITA TYPE="N">[{note}]</CITA>' if note else ""
    return f'<DIV8 N="742.6" TYPE="SECTION"><HEAD>§ 742.6</HEAD><P>{words}</P>{cita}</DIV8>'


@pytest.fixture
def code(tmp_path: Path) -> Tape:
    """A Register, a desk and a Code that have said where they stand."""
    fresh = Tape(tmp_path / "recording", WITH_THE_CODE)
    fresh.add("2026-05-01T12:00", SEARCH, page(OTHER))
    fresh.add("2026-05-01T12:00", DESK, page(filed("2026-00002", "Meetings; Sunshine Act", "2026-05-02")))
    fresh.add("2026-05-01T12:00", f"{CODE}/titles.json", {"titles": [], "meta": {"import_in_progress": False}})
    return fresh.add("2026-05-01T12:00", f"{CODE}/versions/title-15.json?part=742", versions("2026-01-15"))


def versions(*days: str) -> dict[str, Any]:
    return {"content_versions": [version(day) for day in days]}


def in_the_code(tape: Tape, day: str, at: str, note: str = "") -> Tape:
    """The Code's amendment of a day, as it can be read at a moment."""
    words = "Advanced computing items with a total processing performance of {} need a licence."
    tape.add(at, f"{CODE}/titles.json", {"titles": [], "meta": {"import_in_progress": False}})
    tape.add(at, f"{CODE}/full/2026-01-15/title-15.xml?part=742", section(words.format(4800), "88 FR 1, Jan. 1, 2023"))
    tape.add(at, f"{CODE}/full/{day}/title-15.xml?part=742", section(words.format(5200), note))
    return tape.add(at, f"{CODE}/versions/title-15.json?part=742", versions("2026-01-15", day))


@pytest.mark.parametrize(
    ("rule", "amended", "note"),
    [
        ({"effective_on": "2026-06-01", "cfr_references": PARTS}, "2026-06-01", ""),
        ({"citation": "91 FR 24001"}, "2026-05-27", "88 FR 1, Jan. 1, 2023, as amended at 91 FR 24001, May 6, 2026"),
    ],
    ids=["by part and day", "by citation"],
)
def test_filed_published_corrected_in_force_and_in_the_code_is_one_story_and_one_message(
    chipwatch, code, rule, amended, note
):
    code.add("2026-05-04T12:46", DESK, page(filed()))
    code.add("2026-05-06T10:15", SEARCH, page(published(**rule), OTHER))
    mending = published("C1-2026-04321", "2026-05-12", title="Erratum", abstract="On page 9, a date is set right.")
    code.add("2026-05-12T10:15", SEARCH, page(mending, published(**rule), OTHER))
    in_the_code(code, amended, "2026-06-02T12:00", note)
    lines = chipwatch("replay", code.folder, "--changes", "--json").lines
    about = [
        line for line in lines if line["op"] == "change" and (line["key"].endswith("04321") or line["key"] == "742.6")
    ]
    assert [(line["source"], line["change"]) for line in about] == [
        ("desk", "new"),
        ("register", "new"),
        ("register", "corrected"),
        ("code", "amended"),
    ]
    assert len({line["story"] for line in about}) == 1
    messages = [line for line in lines if "card" in line]
    assert [line["op"] for line in messages].count("post") == 1
    last = messages[-1]
    assert (last["op"], last["at"]) == ("edit", "2026-06-02T12:00:00+00:00"), "the Code is shown, and nobody is called"
    said = json.dumps(last["card"], ensure_ascii=False)
    assert "4800" in said
    assert "5200" in said


def test_a_rule_of_another_part_or_day_has_its_own_story(chipwatch, code):
    elsewhere = published(effective_on="2026-06-01", cfr_references=[{"title": 15, "part": 744}])
    later = published("2026-04400", effective_on="2026-07-01", cfr_references=PARTS, title=f"{TITLE}: other terms")
    code.add("2026-05-06T10:15", SEARCH, page(elsewhere, later, OTHER))
    in_the_code(code, "2026-06-01", "2026-06-02T12:00")
    lines = chipwatch("replay", code.folder, "--changes", "--json").lines
    (amended,) = {line["story"] for line in lines if line["op"] == "change" and line["source"] == "code"}
    assert amended not in {line["story"] for line in lines if line["op"] == "change" and line["source"] == "register"}


def test_an_alert_says_that_the_ledger_has_not_taken_up_its_document_yet(chipwatch, tape):
    tape.add("2026-05-06T10:15", SEARCH, page(published(effective_on="2026-06-01"), OTHER))
    (post,) = [line for line in chipwatch("replay", tape.folder, "--json").lines if line["op"] == "post"]
    assert "Ledger review pending" in json.dumps(post["card"]["lines"])


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


def test_a_desk_that_loses_most_of_its_documents_at_once_is_held(chipwatch, tape):
    many = [filed(f"2026-0050{n}", "Meetings; Sunshine Act", "2026-05-29") for n in range(10)]
    rest = filed("2026-00510", "Meetings; Sunshine Act", "2026-05-29")
    tape.add("2026-05-04T12:46", DESK, page(*many, rest))
    tape.add("2026-05-04T15:16", DESK, page(rest))
    tape.add("2026-05-04T18:01", DESK, page(*many, rest))
    lines = chipwatch("replay", tape.folder, "--changes", "--json").lines
    assert {change for _, change, _ in changes(lines)} == {"new"}
    assert [(line["notice"], line["at"][11:16]) for line in lines if line["op"] == "notice"] == [
        ("held", "15:16"),
        ("recovered", "18:01"),
    ]


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


FULL = f"{FR}/documents/full_text/xml/2026/05/06/2026-04321.xml"
TEXT = "<RULE><CFR>15 CFR Part 742</CFR><EFFDATE><P>Effective June 1, 2026.</P></EFFDATE><P>3A090.a</P></RULE>"


def stored(url: str, key: str) -> dict[str, Any]:
    import sqlite3

    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        rows = database.execute("SELECT version, details FROM documents WHERE key = ? AND source = 'register'", (key,))
        version, details = rows.fetchone()
    return {"version": version, **json.loads(details)}


def test_the_full_text_of_what_is_relevant_is_read_even_when_it_comes_late(chipwatch, tape):
    tape.add("2026-05-05T10:15", SEARCH, page(published(), OTHER))  # a day early: its text is not there yet
    tape.add("2026-05-06T10:00", FULL, TEXT)
    later = page(published(citation="91 FR 4321", pdf_url=f"{FR}/a.pdf"), OTHER)
    tape.add("2026-05-06T10:15", SEARCH, later)
    url = f"sqlite:///{tape.folder.parent}/kept.db"
    lines = chipwatch("replay", tape.folder, "--changes", "--json", "--store", url).lines
    assert changes(lines) == [("register", "new", "2026-04321")], "a page number and a text are no amendment"
    assert [line["op"] for line in lines if "card" in line] == ["post"]
    found = stored(url, "2026-04321")
    assert found["version"] == 1
    assert found["followed"]["eccns"] == ["3A090.a"]
    assert found["followed"]["dates"] == "Effective June 1, 2026."
    assert "followed" not in stored(url, "2026-00001"), "what is not relevant is not asked for again"


def test_after_a_pause_the_register_is_read_oldest_first_to_its_end(chipwatch, tape):
    """The newest page never reaches back over a month; the search by day, oldest first, has four pages."""
    oldest = f"{SEARCH}&order=oldest"
    following = f"{FR}/api/v1/documents?format=json&order=oldest&search_after_cursor="
    days = [f"2026-05-{day:02}" for day in range(10, 18)]
    missed = [published(f"2026-{n:05}", day, title=f"{TITLE}, part {n}") for n, day in enumerate(days, 50)]
    at = "2026-06-20T10:15"
    tape.add(at, SEARCH, page(missed[-1]))
    for number in range(4):
        more = {"next_page_url": f"{following}{number + 1}"} if number < 3 else {}
        where = f"{following}{number}" if number else oldest
        tape.add(at, where, page(*missed[2 * number : 2 * number + 2], **more))
    lines = chipwatch("replay", tape.folder, "--changes", "--json").lines
    assert [key for _, _, key in changes(lines)] == [document["document_number"] for document in missed]


def test_a_catch_up_that_is_cut_short_goes_on_where_it_was(chipwatch, tape):
    oldest = f"{SEARCH}&order=oldest"
    following = f"{FR}/api/v1/documents?format=json&order=oldest&search_after_cursor=MQ"
    first, second = (published(f"2026-0005{n}", f"2026-05-1{n}", title=f"{TITLE}, part {n}") for n in (1, 2))
    tape.add("2026-06-20T10:15", SEARCH, page(second))
    tape.add("2026-06-20T10:15", oldest, page(first, next_page_url=following))
    tape.add("2026-06-20T10:15", following, "<html>upstream timed out</html>", status=504)
    tape.add("2026-06-20T11:15", SEARCH, page(second))
    tape.add("2026-06-20T11:15", following, page(second))
    url = f"sqlite:///{tape.folder.parent}/kept.db"
    lines = chipwatch("replay", tape.folder, "--changes", "--json", "--store", url).lines
    assert [(line["key"], line["at"][11:16]) for line in lines if line["op"] == "change"] == [
        ("2026-00051", "10:15"),
        ("2026-00052", "11:15"),
    ]
    assert "notice" not in {line["op"] for line in lines}, "what was read is kept, and the rest is no outage"


def test_a_cursor_that_the_register_refuses_is_given_up(chipwatch, tape):
    oldest = f"{SEARCH}&order=oldest"
    following = f"{FR}/api/v1/documents?format=json&order=oldest&search_after_cursor=MQ"
    first, second = (published(f"2026-0005{n}", f"2026-05-1{n}", title=f"{TITLE}, part {n}") for n in (1, 2))
    tape.add("2026-06-20T10:15", SEARCH, page(second))
    tape.add("2026-06-20T10:15", oldest, page(first, next_page_url=following))
    tape.add("2026-06-20T10:15", following, "{}", status=504)
    tape.add("2026-06-20T11:15", SEARCH, page(second))
    tape.add("2026-06-20T11:15", following, '{"errors": "search_after_cursor is invalid"}', status=400)
    tape.add("2026-06-20T11:15", oldest, page(first, second))
    lines = chipwatch("replay", tape.folder, "--changes", "--json").lines
    assert [key for _, _, key in changes(lines)] == ["2026-00051", "2026-00052"]
    assert "notice" not in {line["op"] for line in lines}
