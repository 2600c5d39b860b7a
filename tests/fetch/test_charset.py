"""Header, BOM, declaration, meta, in that order; and never a crash."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetch.charset import decode
from tests.liveness import lively

WORDS = "Für Ausfuhr: 許可證, лицензия, “quoted” €"


@pytest.mark.parametrize(
    ("body", "header", "expected"),
    [
        (WORDS.encode(), "text/xml; charset=utf-8", WORDS),
        (WORDS.encode(), "text/xml; charset='UTF-8'", WORDS),
        (WORDS.encode(), None, WORDS),
        (codecs.BOM_UTF8 + WORDS.encode(), None, WORDS),
        (codecs.BOM_UTF8 + WORDS.encode(), "text/xml; charset=iso-8859-1", WORDS),  # a BOM is no accident
        (WORDS.encode("utf-16"), None, WORDS),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "text/xml", WORDS),
        (codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"), None, WORDS),
        ("<?xml version='1.0'?><a>ü</a>".encode("utf-16-le"), None, "<?xml version='1.0'?><a>ü</a>"),
        ("<?xml version='1.0'?><a>ü</a>".encode("utf-32-be"), None, "<?xml version='1.0'?><a>ü</a>"),
        ("<?xml version='1.0' encoding='iso-8859-1'?>ü".encode("latin-1"), None, None),
        ("<?xml version='1.0' encoding='gb2312'?>许可证".encode("gbk"), None, None),
        ("<?xml version='1.0' encoding='Shift_JIS'?>輸出規制①".encode("cp932"), None, None),
        ("<?xml version='1.0' encoding='big5'?>許可證".encode("big5"), None, None),
        ("<?xml version='1.0' encoding='euc-kr'?>수출통제".encode("cp949"), None, None),
        ("<?xml version='1.0' encoding='windows-1251'?>запрет".encode("cp1251"), None, None),
        ('<html><meta charset="windows-1252"><p>“ü”'.encode("cp1252"), "text/html", None),
        ("<?xml version='1.0' encoding='utf-8'?>запрет".encode("koi8-r"), "text/xml; charset=koi8-r", None),
    ],
)
def test_the_order_of_what_is_believed(body, header, expected):
    text = decode(body, header)
    if expected is not None:
        assert text == expected
    else:
        assert "\ufffd" not in text
        assert any(sign in text for sign in ("ü", "许可证", "輸出規制①", "許可證", "수출통제", "запрет"))


def test_utf8_declared_and_latin1_sent_is_read_without_mojibake():
    body = "<?xml version='1.0' encoding='utf-8'?><t>café naïve</t>".encode("latin-1")
    assert "café naïve" in decode(body, "application/rss+xml; charset=utf-8")


def test_valid_utf8_under_a_western_label_is_utf8():
    """The label is a web server's default; nobody writes "Ã¼" by accident."""
    assert decode("<?xml version='1.0'?>ü許".encode(), "text/xml; charset=iso-8859-1") == "<?xml version='1.0'?>ü許"
    assert decode("über".encode("latin-1"), "text/xml; charset=iso-8859-1") == "über"


def test_a_header_that_the_bytes_contradict_gives_way_to_the_declaration():
    body = "<?xml version='1.0' encoding='gb2312'?>许可证".encode("gbk")
    assert decode(body, "text/xml; charset=utf-8").endswith("许可证")


@pytest.mark.parametrize(("charset", "word"), [("gb2312", "许可证"), ("shift_jis", "輸出規制"), ("utf-8", "许可证")])
def test_a_body_that_ends_inside_a_sign_loses_that_sign_only(charset, word):
    body = f"<?xml version='1.0' encoding='{charset}'?>{word * 50}".encode(charset)[:-1]
    assert decode(body).startswith(f"<?xml version='1.0' encoding='{charset}'?>{word * 49}{word[:2]}")


def test_a_stray_byte_in_utf8_is_read_alone():
    body = "许可证 caf\0 naïve 许可证".encode().replace(b"\0", b"\xe9")
    assert decode(body, "text/xml; charset=utf-8") == "许可证 café naïve 许可证"


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "utf-32"])
def test_markup_of_single_bytes_that_says_it_is_wide_is_not(declared):
    text = f"<?xml version='1.0' encoding='{declared}'?><a>ü</a>"
    assert decode(text.encode(), f"text/xml; charset={declared}") == text


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [("ü".encode(), None, "ü"), (b"\xfc", None, "ü"), (b"\x80", "a; charset=latin1", "€"), (b"", None, "")],
)
def test_what_names_no_charset_is_utf_8_or_windows_1252(body, header, text):
    assert decode(body, header) == text


@pytest.mark.parametrize(
    "body", [b"\xe9", b"\x80", b"\xe9 ", b"\xe4\xb8", b"<meta ", b"<?xml encoding", b"\xff\xfe", b"\0"]
)
def test_eight_mebibytes_of_anything_take_no_time(body):
    body = body * (8 * 1024 * 1024 // len(body))
    with lively(0.3):
        decode(body, "text/html; charset=gb2312")


@pytest.mark.parametrize("name", ["klingon", "utf-7", "rot13", "base64", "idna", "unicode_escape", "x" * 500, ""])
def test_a_charset_that_is_none_falls_through_to_the_next(name):
    assert decode("ü+AGE-".encode(), f"text/xml; charset={name}") == "ü+AGE-"


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=60)))
def test_any_bytes_give_some_text(body, header):
    assert isinstance(decode(body, header), str)


def test_a_large_hostile_beginning_costs_no_time():
    body = b"<?xml " + b"encoding=" * 200_000 + b"<meta " * 200_000
    with lively(0.5, time.monotonic):
        decode(body, "text/xml; charset=" + "a" * 100_000)
