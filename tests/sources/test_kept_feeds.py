"""Every trap that a feed can hold, as a file of our own: what is read from it, or the name of the error."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.sources.base import Reading, source_from
from bot.sources.recorded import read_body, read_file
from tests.liveness import lively

FEEDS = Path(__file__).parent / "feeds"
ADDRESS = "https://agency.example/feed.xml"
RULE = ("rule-1", "Rule on chips", "https://agency.example/rules/1", datetime(2025, 7, 15, 8, 3, tzinfo=UTC))
SECOND = ("rule-2", "Second rule", "https://agency.example/rules/2", datetime(2025, 7, 16, 7, 0, tzinfo=UTC))


def read(name: str) -> Reading:
    return read_file("feed", FEEDS / name, ADDRESS)


def entries(reading: Reading) -> list[tuple[str, str, str | None, object]]:
    return [(d.key, d.title, d.url, d.published) for d in reading.documents]


@pytest.mark.parametrize(
    "name",
    [
        "blank_before_declaration.xml",
        "bom_and_blank.xml",
        "comment_before_declaration.xml",
        "doctype_html.xml",
        "doctype_with_subset.xml",
        "nul_bytes_at_the_end.xml",
        "deep_256.xml",
        "article_on_entities.xml",
        "gzipped.xml.gz",
    ],
)
def test_what_stands_around_a_feed_does_not_hide_it(name: str) -> None:
    reading = read(name)
    assert entries(reading) == [RULE]
    assert not reading.partial
    assert not reading.warnings


@pytest.mark.parametrize(
    "name",
    [
        "control_characters.xml",
        "junk_after_the_end.xml",
        "php_warning_before.xml",
        "end_tag_cut.xml",
        "undeclared_prefixes.xml",
    ],
)
def test_damage_around_the_entries_is_mended(name: str) -> None:
    reading = read(name)
    assert entries(reading) == [RULE]
    assert reading.warnings == ("mended",)
    assert not reading.partial


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("utf16.xml", "Règle on chips"),
        ("utf32.xml", "Règle on chips"),
        ("latin1_declared.xml", "Règle on chips"),
        ("latin1_called_utf8.xml", "Règle naïve on chips"),
        ("gb2312.xml", "芯片出口规则"),
        ("shift_jis.xml", "半導体の輸出"),
        ("twice_encoded.xml", "Règle sur les puces – « vite »"),
        ("windows_quotes.xml", "“Rule” on chips"),
        ("html_entities_undeclared.xml", "Rule on— chips"),
        ("bare_ampersands.xml", "R&D on chips"),
    ],
)
def test_letters_arrive_as_they_were_meant(name: str, title: str) -> None:
    assert [d.title for d in read(name).documents] == [title]


def test_a_bare_ampersand_in_a_link_keeps_its_parameters() -> None:
    assert read("bare_ampersands.xml").documents[0].url == "https://agency.example/rules?id=1&lang=en&copy=2"


def test_rss_says_its_language_and_how_long_to_wait() -> None:
    reading = read("rss20.xml")
    assert entries(reading) == [RULE, SECOND]
    assert reading.ttl == 1800
    assert {d.language for d in reading.documents} == {"en"}


def test_rss_091_with_its_doctype_and_no_guid() -> None:
    reading = read("rss091.xml")
    assert entries(reading) == [("old.example/a", "Alte Meldung", "http://old.example/a", None)]
    assert reading.documents[0].language == "de"


def test_notes_without_titles_are_told_apart_by_their_text() -> None:
    first, second = read("rss092_untitled.xml").documents
    assert first.title == second.title == ""
    assert first.key != second.key
    assert first.summary == "A note without a title, with a link."


def test_rdf_with_dublin_core_and_an_update_period() -> None:
    reading = read("rdf.xml")
    document = reading.documents[0]
    assert entries(reading) == [("http://rdf.example/1", "Un titre", "http://rdf.example/1", RULE[3])]
    assert (document.language, document.summary, document.details["author"]) == ("fr", "Le contenu.", "A. Personne")
    assert reading.ttl == 900


def test_atom_with_bases_languages_and_forms() -> None:
    german, english = read("atom10.xml").documents
    assert german.title == "Regel für Chips"
    assert german.url == "https://atom.example/news/2025/regel"
    assert (german.published, german.updated) == (RULE[3], datetime(2025, 7, 15, 10, 0, tzinfo=UTC))
    assert german.details == {"author": "Ana", "categories": ["Chips", "Export"]}
    assert (german.language, english.language) == ("de", "en")
    assert english.title == "Only <em> an update"
    assert english.summary == "First part.\nSecond & last."
    assert (english.url, english.published, english.updated) == (None, None, date(2025, 7, 14))


def test_atom_03_and_prefixed_atom() -> None:
    old = read("atom03.xml").documents[0]
    assert (old.key, old.title, old.published) == (
        "tag:old.example,2003:1",
        "A & B",
        datetime(2003, 12, 13, 12, 29, 29, tzinfo=UTC),
    )
    assert entries(read("prefixed_atom.xml")) == [("urn:1", "Prefixed", "https://p.example/1", None)]


def test_json_feed_with_numbers_strangers_and_relative_links() -> None:
    reading = read("json_feed.json")
    assert entries(reading) == [
        ("7", "Seven", "https://json.example/seven", RULE[3]),
        ("x", "", None, None),
    ]
    assert reading.documents[0].summary == "Seven & eight."
    assert reading.documents[0].details == {"author": "J. Son", "categories": ["a", "b"]}


@pytest.mark.parametrize(
    ("name", "keys", "partial"),
    [
        ("half_a_feed.xml", ["rule-1"], True),
        ("half_a_character.xml", ["rule-1"], True),
        ("cut_in_cdata.xml", ["rule-1"], True),
        ("json_feed_cut.json", ["1", "2"], True),
        ("json_feed_trailing_comma.json", ["1", "2"], False),
    ],
)
def test_a_cut_feed_keeps_its_whole_entries(name: str, keys: list[str], partial: bool) -> None:
    reading = read(name)
    assert [d.key for d in reading.documents] == keys
    assert reading.partial is partial


def test_a_cut_feed_reads_its_letters_rightly() -> None:
    assert read("half_a_character.xml").documents[0].title == "Régle on chips"


@pytest.mark.parametrize("name", ["unescaped_html.xml", "unquoted_attribute.xml"])
def test_what_cannot_be_mended_is_read_leniently(name: str) -> None:
    reading = read(name)
    assert entries(reading) == [RULE, SECOND]
    assert reading.warnings == ("mended",)


def test_an_entry_that_damage_has_emptied_is_left_out() -> None:
    assert entries(read("mismatched_tags.xml")) == [SECOND]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("entity_bomb.xml", "entity_declaration"),
        ("external_entity.xml", "entity_declaration"),
        ("entity_after_junk.xml", "entity_declaration"),
        ("entity_in_the_middle.xml", "entity_declaration"),
        ("deep_257.xml", "too_deep"),
        ("deep_and_broken.xml", "too_deep"),
        ("cut_before_the_first.xml", "cut_short"),
        ("empty_and_broken.xml", "empty_document"),
        ("nothing.xml", "empty_document"),
        ("comment_only.xml", "empty_document"),
        ("page.html", "not_a_feed"),
        ("sitemap.xml", "not_a_feed"),
        ("plain.txt", "not_a_feed"),
        ("other.json", "not_a_feed"),
        ("challenge.html", "challenge"),
        ("consent.html", "challenge"),
    ],
)
def test_what_is_no_readable_feed_has_a_name(name: str, error: str) -> None:
    with lively(0.05):
        with pytest.raises(SourceError) as caught:
            read(name)
        assert caught.value.name == error


def test_an_entity_bomb_ends_in_no_time() -> None:
    read("rss20.xml")
    with lively(0.005), pytest.raises(SourceError, match="entity_declaration"):
        read("entity_bomb.xml")


@pytest.mark.parametrize("name", ["empty_rss.xml", "empty_atom.xml"])
def test_a_feed_without_entries_is_no_error(name: str) -> None:
    reading = read(name)
    assert reading.documents == ()
    assert not reading.partial


def test_the_key_without_a_guid_is_the_canonical_link_and_the_link_stays_whole() -> None:
    assert entries(read("no_guid.xml"))[0][:3] == (
        "agency.example/a?b=1",
        "A",
        "https://www.agency.example/a/?utm_source=rss&b=1#top",
    )


def test_without_guid_and_link_title_and_day_are_the_key_and_it_is_said() -> None:
    reading = read("no_guid_no_link.xml")
    assert [d.title for d in reading.documents] == ["same", "other"]
    assert "no_guid_no_link" in reading.warnings
    assert reading.documents[1].aliases == ("title:other 2025-07-15",)


def test_a_link_that_all_entries_share_identifies_none() -> None:
    reading = read("home_page_as_link.xml")
    assert len({d.key for d in reading.documents}) == 2
    assert not any(alias.startswith("link:") for d in reading.documents for alias in d.aliases)


def test_fragments_tell_entries_of_one_page_apart() -> None:
    assert [d.key for d in read("fragments_as_pages.xml").documents] == [
        "https://agency.example/log#a",
        "https://agency.example/log#b",
    ]


def test_an_entry_with_only_an_id_is_kept() -> None:
    assert entries(read("only_an_id.xml")) == [("7bd2", "", None, None)]


def test_the_same_entry_twice_is_one_and_the_first() -> None:
    assert entries(read("repeated_items.xml")) == [RULE, SECOND]


@pytest.mark.parametrize("name", ["one_guid_for_all.xml", "atom_one_filing_twice.xml"])
def test_one_id_for_different_things_is_told_apart_whatever_the_order(name: str) -> None:
    body = (FEEDS / name).read_bytes()
    keys = {d.url: d.key for d in read_body("feed", body, ADDRESS).documents}
    assert len(set(keys.values())) == 2
    tag = b"entry" if b"<entry>" in body else b"item"
    begin = body.index(b"<" + tag + b">")
    end = body.rindex(b"</" + tag + b">") + len(tag) + 3
    one, two = body[begin:end].split(b"</" + tag + b">")[:2]
    close = b"</" + tag + b">"
    turned = body[:begin] + two + close + one + close + body[end:]
    assert {d.url: d.key for d in read_body("feed", turned, ADDRESS).documents} == keys


def test_atom_allows_one_entry_an_id_and_the_newer_wording_counts() -> None:
    assert [d.title for d in read("atom_same_entry_newer.xml").documents] == ["New wording"]


def test_relative_links_find_their_base_and_scripts_are_no_links() -> None:
    assert [d.url for d in read("relative_links.xml").documents] == [
        "https://agency.example/news/a%20b",
        "https://other.example/dir/b",
        "https://cdn.example/c",
        None,
    ]


def test_a_guid_that_is_a_permalink_is_the_link() -> None:
    assert read("permalink_guid.xml").documents[0].url == "https://agency.example/a"


def test_markup_becomes_plain_text_once() -> None:
    document = read("soup.xml").documents[0]
    assert document.title == "AT&T & R&D: List"
    assert document.summary == "First <tag> line.\none\ntwo\nEnd’s here @everyone"


def test_a_host_that_changes_all_its_guids_keeps_its_aliases() -> None:
    body = (FEEDS / "rss20.xml").read_bytes()
    before = read_body("feed", body, ADDRESS).documents
    moved = body.replace(b">rule-", b">https://new.example/?p=").replace(b"https://agency", b"http://www.agency")
    after = read_body("feed", moved, ADDRESS).documents
    assert [d.aliases for d in before] == [d.aliases for d in after]
    assert all(len(d.aliases) == 2 for d in before)
    assert not {d.key for d in before} & {d.key for d in after}


def test_equal_bytes_give_equal_readings() -> None:
    for file in sorted(FEEDS.iterdir()):
        assert outcome(file) == outcome(file), file.name


def outcome(file: Path) -> Reading | str:
    try:
        return read_file("feed", file, ADDRESS)
    except SourceError as error:
        return str(error)


def test_a_challenge_is_known_by_its_header_whatever_the_body() -> None:
    answer = Answer(ADDRESS, 200, {"cf-mitigated": "challenge"}, b"<html></html>", datetime(2026, 1, 1, tzinfo=UTC))
    source = source_from({"id": "a", "kind": "feed", "url": ADDRESS})
    with pytest.raises(SourceError, match="challenge"):
        source.read(answer)


def test_a_headline_about_a_captcha_is_no_challenge() -> None:
    body = (FEEDS / "rss20.xml").read_bytes().replace(b"Rule on chips", b"Just a moment... the captcha is dead")
    assert len(read_body("feed", body, ADDRESS).documents) == 2


def test_a_gzip_bomb_inside_a_body_is_refused() -> None:
    import gzip

    with pytest.raises(SourceError, match="too_large"):
        read_body("feed", gzip.compress(b"<rss>" + b" " * 64_000_000), ADDRESS)


def test_the_source_s_language_is_the_last_resort() -> None:
    source = source_from({"id": "a", "kind": "feed", "url": ADDRESS, "language": "zh-CN"})
    body = (FEEDS / "no_guid.xml").read_bytes()
    answer = Answer(ADDRESS, 200, {}, body, datetime(2026, 1, 1, tzinfo=UTC))
    assert [d.language for d in source.read(answer).documents] == ["zh"]
