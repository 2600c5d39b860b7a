"""Files as people hand them in: XML of the eCFR, HTML pages, lists; and what is refused."""

from __future__ import annotations

import json
import random

import pytest

from bot.errors import SourceError
from bot.redline import HunkKind, redline_of_lists
from bot.redline.callouts import callouts
from bot.redline.documents import decoded, document_of, redline_of_documents, redline_of_files
from bot.redline.markup import xml_paragraphs
from bot.redline.pages import html_paragraphs
from bot.redline.places import Designators
from bot.redline.rows import keyed
from tests.liveness import lively

SECTION = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE DIV8 SYSTEM "http://127.0.0.1:9/never-read.dtd">
<DIV8 N="742.6" TYPE="SECTION" hierarchy_metadata="{&quot;path&quot;:&quot;/on/_SUBSTITUTE_DATE_/%(date)s&quot;}">
<HEAD>§ 742.6 Regional stability.</HEAD>
<P>(a) <I>Licence.</I> One.</P><P>(b)(1) Two, %(limit)s TOPS from %(day)s.</P><P>(i) Three &amp; more.</P>
%(extra)s<CITA TYPE="N">[Published %(date)s]</CITA>
</DIV8>"""


def section(date="2026-01-15", limit="4,800", day="January 15, 2026", extra=""):
    return document_of((SECTION % {"date": date, "limit": limit, "day": day, "extra": extra}).encode())


def compare(old, new, name=""):
    return redline_of_documents(document_of(old.encode(), name=name), document_of(new.encode(), name=name))


def test_metadata_notes_and_links_to_amendments_are_no_change_of_the_text():
    later = section(date="2026-09-15", extra='<XREF ID="1">Link to an amendment published at 91 FR 1.</XREF>')
    assert not redline_of_documents(section(), later)


def test_a_changed_paragraph_is_named_by_section_and_designators_with_its_figures_called_out():
    change = redline_of_documents(section(), section(limit="5,200", day="March 2, 2026", extra="<P>(ii) New.</P>"))
    assert [(hunk.kind, hunk.where) for hunk in change.hunks] == [
        (HunkKind.CHANGED, "§ 742.6(b)(1)"),
        (HunkKind.ADDED, "§ 742.6(b)(1)(ii)"),
    ]
    assert [str(found) for found in callouts(change.hunks[0])] == ["4,800 → 5,200", "January 15, 2026 → March 2, 2026"]
    assert callouts(change.hunks[1]) == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("destinations in D:1, D:4 and D:5", "destinations in D:4 and D:5", ["D:1 → ∅"]),
        ("from January 15, 2026 on", "from January 16, 2026 on", ["January 15, 2026 → January 16, 2026"]),
        ("总处理性能4800以上", "总处理性能5200以上", ["4800 → 5200"]),
        ("at most 50 % of sales", "at most 25 % of sales", ["50 % → 25 %"]),
        ("no figures stand here", "no numbers stand here", []),
    ],
)  # fmt: skip
def test_figures_are_called_out_whole(old, new, expected):
    (hunk,) = compare(f"Head.\n\n{old}.", f"Head.\n\n{new}.").hunks
    assert [str(found) for found in callouts(hunk)] == expected


def test_designators_are_followed_through_their_levels():
    follow = Designators()
    rows = [
        "(a) x",
        "(b)(1) x",
        "(i) x",
        "(A) x",
        "(B) x",
        "(ii) x",
        "(2) x",
        "no designator",
        "(c) x",
        "(h) x",
        "(i) x",
    ]
    assert [follow.of(row) for row in rows] == [
        "(a)", "(b)(1)", "(b)(1)(i)", "(b)(1)(i)(A)", "(b)(1)(i)(B)", "(b)(1)(ii)", "(b)(2)", "", "(c)", "(h)", "(i)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entity_declaration"),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % b SYSTEM "file:///x">%b;]><a>x</a>', "entity_declaration"),
        ('<?xml version="1.0"?><a><b>x</a>', "malformed_xml"),
        ("<?xml version='1.0'?>" + "<a>" * 5000 + "x" + "</a>" * 5000, "malformed_xml"),
    ],
)  # fmt: skip
def test_dangerous_or_broken_xml_is_a_named_error(body, name):
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(SourceError) as raised:
            document_of(body.encode(encoding))
        assert raised.value.name == name


def test_a_paragraph_keeps_the_words_of_the_elements_inside_it():
    text = (
        "<DIV8 N='1.1' TYPE='SECTION'><P>(a) <I>One</I><E>,</E> two<SU>2</SU>.</P><TR><TD>x</TD><TD>y</TD></TR></DIV8>"
    )
    assert xml_paragraphs(text) == [("(a) One, two2.", "§ 1.1(a)"), ("x", "§ 1.1 ¶ 2"), ("y", "§ 1.1 ¶ 3")]


def test_a_page_gives_its_readable_text_by_blocks():
    page = (
        "<!doctype html><html><head><title>t</title><style>p{}</style></head><body><nav>menu</nav><script>x()</script>"
        "<main><h1>Head <b>line</b></h1>loose <a href=x>link</a> text<p>One<br>two<ul><li>three</li><li>four</ul>tail"
        "</main><!-- c --><footer>foot</footer></body></html>"
    )
    assert [text for text, _ in html_paragraphs(page)] == [
        "Head line", "loose link text", "One", "two", "three", "four", "tail",
    ]  # fmt: skip


def test_a_page_nested_without_end_is_read_all_the_same():
    deep = "<html><body>" + "<div>" * 20_000 + "word" + "<b>" * 20_000 + "s"
    assert " ".join(text for text, _ in html_paragraphs(deep)).replace(" ", "") == "words"


def test_two_pages_are_compared_without_their_menus():
    page = "<html><body><nav>{menu}</nav><article><p>The limit is {limit} TOPS.</p><p>It holds for all.</p></article>"
    change = compare(page.format(menu="a", limit=4800), page.format(menu="b c d", limit=5200))
    assert [hunk.new for hunk in change.hunks] == ["The limit is 5200 TOPS."]


CSV = "Source List,Name,Address,Country\n"


def test_a_list_is_compared_by_row_whatever_the_order():
    old = CSV + "EL,Inspur,Road 1,CN\nEL,Inspur,Road 2,CN\nEL,Suma,Street,CN\nEL,Gone,Lane,RU\n"
    new = CSV + 'EL,Suma,Street,CN\nEL,Inspur,Road 2,CN\nEL ,Inspur,"Road 1, floor 2",CN\nEL,Nettrix,Way,CN\n'
    change = compare(old, new)
    assert [(hunk.kind, hunk.where) for hunk in change.hunks] == [
        (HunkKind.CHANGED, "Inspur"),
        (HunkKind.ADDED, "Nettrix"),
        (HunkKind.REMOVED, "Gone"),
    ]
    assert change.hunks[0].words[1] == ("+", ", floor 2")
    assert change.json()["changed"] == 1


def test_rows_whose_ids_are_hashes_of_their_content_are_known_by_name():
    old = [{"_id": "aa11", "name": "Inspur", "alt_names": None}, {"_id": "bb22", "name": "Suma", "alt_names": ["S"]}]
    new = [
        {"_id": "cc33", "name": "Inspur", "alt_names": []},
        {"_id": "dd44", "name": "Suma", "alt_names": ["S", "曙光"]},
    ]
    change = compare(json.dumps({"total": 2, "results": old}), json.dumps({"total": 2, "results": new}))
    assert [(hunk.kind, hunk.where) for hunk in change.hunks] == [
        (HunkKind.CHANGED, "Inspur"),
        (HunkKind.CHANGED, "Suma"),
    ]


def test_rows_of_one_name_are_paired_by_what_they_say():
    old = CSV + "EL,Inspur,Road 1,CN\nEL,Inspur,Hill 7,CN\nEL,Inspur,Lane 3,HK\nEL,Suma,Street,CN\n"
    new = CSV + 'EL,Inspur,"Lane 3, floor 2",HK\nEL,Inspur,"Hill 7, Jinan",CN\nEL,Suma,Street,CN\n'
    change = compare(old, new)
    assert [(hunk.kind, [text for operation, text in hunk.words if operation != "="]) for hunk in change.hunks] == [
        (HunkKind.CHANGED, [", floor 2"]),
        (HunkKind.CHANGED, [", Jinan"]),
        (HunkKind.REMOVED, ["Source List: EL · Name: Inspur · Address: Road 1 · Country: CN"]),
    ]


def test_rows_whose_ids_are_hashes_are_paired_by_what_they_say_too():
    def listed(*addresses):
        rows = [{"_id": address.encode().hex(), "name": "Inspur", "address": address} for address in addresses]
        return json.dumps({"total": len(rows), "results": [{"_id": "s", "name": "Suma", "address": ""}, *rows]})

    change = compare(listed("Road 1", "Hill 7", "Lane 3"), listed("Lane 3, floor 2", "Hill 7, Jinan"))
    assert [(hunk.kind, "Lane" in hunk.old, "Hill" in hunk.old) for hunk in change.hunks] == [
        (HunkKind.CHANGED, True, False),
        (HunkKind.CHANGED, False, True),
        (HunkKind.REMOVED, False, False),
    ]


def test_thousands_of_rows_of_one_name_are_paired_in_step_with_their_number():
    old = [{"name": "Inspur", "address": f"Road {at}"} for at in range(4000)]
    new = [row | {"country": "CN"} for row in old]
    with lively(0.5):
        assert compare(json.dumps(old), json.dumps(new)).json()["changed"] == 4000


@pytest.mark.parametrize("number", ["document_number", "id", "entity_number"])
def test_a_record_that_states_its_number_is_one_row_whatever_lists_it_holds(number):
    record = {number: "2026-04711", "title": "Rule", "effective_on": "2026-02-01", "agencies": [{"name": "Bureau"}]}
    (hunk,) = compare(json.dumps(record), json.dumps(record | {"effective_on": "2026-04-01"})).hunks
    assert (hunk.kind, hunk.where) == (HunkKind.CHANGED, "2026-04711")
    assert [run for run in hunk.words if run[0] != "="] == [("-", "2026-02-01"), ("+", "2026-04-01")]


def test_a_page_of_records_is_the_list_of_them():
    first, second = ({"document_number": f"2026-{number}", "title": "A"} for number in (1, 2))
    old = {"count": 1, "description": "Rules", "results": [first]}
    change = compare(json.dumps(old), json.dumps({"count": 2, "description": "More", "results": [first, second]}))
    assert [(hunk.kind, hunk.where) for hunk in change.hunks] == [(HunkKind.ADDED, "2026-2")]


def test_json_lines_are_a_list_too():
    change = compare('{"id": 1, "a": "x"}\n{"id": 2}\n', '{"id": 1, "a": "y"}\n{"id": 2}\n')
    assert [(hunk.where, hunk.new) for hunk in change.hunks] == [("1", "id: 1 · a: y")]


def test_two_columns_of_one_head_are_both_read():
    change = compare("Address,Name,Address\nRoad 1,Inspur,CN\n", "Address,Name,Address\nRoad 2,Inspur,CN\n")
    assert [run for run in change.hunks[0].words if run[0] != "="] == [("-", "1"), ("+", "2")]


def test_prose_with_commas_is_no_table():
    old = "First, second, and third, he said.\n\nThen, after, all, that, nothing.\n"
    assert [hunk.where for hunk in compare(old, old.replace("third", "fourth")).hunks] == ["¶ 1"]


def test_documents_of_two_makes_are_compared_as_text():
    page = "<html><body><p>One.</p><p>Two.</p></body></html>"
    change = redline_of_documents(document_of(page.encode()), document_of(b"One.\n\nThree things.\n"))
    assert change.json()["changed"] + change.json()["added"] == 1


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfeA\x00", "Ä".encode("cp1252"), b'<?xml version="1.0" encoding="no-such"?><a>x</a>', b"\x00\x01\xfe" * 50],
)
def test_any_bytes_become_text(body):
    assert decoded(body)


def test_a_file_that_is_not_there_is_a_named_error(tmp_path):
    with pytest.raises(SourceError, match="unreadable"):
        redline_of_files(tmp_path / "none", tmp_path / "none")


def mutated(body, chance):
    """A body with a few bytes lost, doubled, flipped or put in."""
    body = bytearray(body)
    for _ in range(chance.randrange(1, 10)):
        at = chance.randrange(len(body) + 1)
        to = min(len(body), at + chance.randrange(1, 150))
        match chance.randrange(4):
            case 0:
                del body[at:to]
            case 1:
                body[at:at] = body[at:to] * chance.randrange(1, 40)
            case 2:
                body[at:at] = chance.choice(
                    [b"<", b"&", b'"', b"\x00", b"\xff\xfe", b"<!ENTITY", b"<!--", b"{", b",", b"\r"]
                )
            case _ if at < len(body):
                body[at] ^= 1 << chance.randrange(8)
    return bytes(body)


def test_damaged_documents_give_a_redline_or_a_named_error():
    chance = random.Random(11)
    page = (
        b"<!doctype html><html><body><main><p>One.</p><table><tr><td>a<td>b</table><ul><li>x</ul></main></body></html>"
    )
    rows = b'{"total": 2, "results": [{"id": "1", "names": ["a", "b"]}, {"id": "2", "names": null, "at": {"x": [1]}}]}'
    plain = ("§ 1 Eins.\n\n(a) Zwei 4.800.\n\n" * 30).encode()
    xml = (SECTION % {"date": "2026-01-15", "limit": "4,800", "day": "x", "extra": ""}).encode()
    outcomes = set()
    for body in (page, rows, plain, xml, (CSV + "EL,Inspur,Road 1,CN\n" * 30).encode()):
        whole = document_of(body)
        for _ in range(150):
            try:
                change = redline_of_documents(whole, document_of(mutated(body, chance)))
            except SourceError as error:
                outcomes.add(error.name)
            else:
                json.dumps(change.json(), ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert outcomes == {"malformed_xml", "entity_declaration"}


def test_a_list_of_twenty_five_thousand_is_compared_in_step_with_its_length():
    old = [{"id": str(at), "name": f"Party {at}", "aliases": [f"Alias {at}"]} for at in range(25_000)]
    new = [{**row, "name": "Renamed"} if row["id"] == "7" else row for row in reversed(old) if row["id"] != "9"]
    with lively(0.8):
        change = compare(json.dumps(old), json.dumps(new))
    assert [(hunk.kind, hunk.where) for hunk in change.hunks] == [(HunkKind.CHANGED, "7"), (HunkKind.REMOVED, "9")]


BODIES = {"2026-01-15": "eeacf00b2bff", "2026-09-15": "ef143d7e921e", "2026-09-24": "e87558ab642a"}


@pytest.mark.shared
def test_the_recorded_section_744_23_changed_once_in_substance(shared):
    folder = shared / "recordings" / "official-services" / "bodies"
    first, editorial, substantive = (folder / name for name in BODIES.values())
    assert not redline_of_files(first, editorial)
    change = redline_of_files(editorial, substantive)
    assert {key: value for key, value in change.json().items() if key != "hunks"} == {
        "added": 1, "removed": 0, "changed": 1, "moved": 0,
    }  # fmt: skip
    threshold, paragraph = change.hunks
    assert (threshold.where, paragraph.where) == ("§ 744.23(q)", "§ 744.23(r)")
    assert [run for run in threshold.words if run[0] != "="] == [("-", "4800"), ("+", "5200"), ("+", " or Macau")]
    assert [str(found) for found in callouts(threshold)] == ["4800 → 5200"]


@pytest.mark.shared
def test_the_recorded_entity_list_gained_rows_and_lost_none(shared):
    folder = shared / "recordings" / "official-services" / "bodies"
    counts = redline_of_files(folder / "52dc57d32bdc", folder / "332b41c3e049").json()
    assert (counts["added"], counts["removed"], counts["changed"]) == (47, 0, 0)


@pytest.mark.shared
def test_every_recorded_regulation_equals_itself_and_names_its_places(shared):
    files = sorted((shared / "recordings" / "bodies-by-kind" / "ecfr").glob("*.xml"))
    assert files
    for file in files:
        document = document_of(file.read_bytes(), name=file.name)
        assert document.paragraphs, file.name
        assert not redline_of_documents(document, document)


def test_a_row_whose_id_is_a_hash_of_it_is_changed_and_not_two():
    rows = [{"id": f"{number:056x}", "name": f"Firm {number}", "policy": "denial"} for number in range(10)]
    edited = [
        *rows[:3],
        rows[3] | {"id": "f" * 56, "policy": "case by case"},
        *rows[4:],
        {"id": "e" * 56, "name": "New"},
    ]
    change = redline_of_lists(*keyed(rows, edited))
    counts = change.json()
    assert (counts["added"], counts["removed"], counts["changed"]) == (1, 0, 1)
    assert [hunk.new_at for hunk in change.hunks] == [3, 10]
