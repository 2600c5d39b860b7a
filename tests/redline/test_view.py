"""The redline in a terminal reads without colour and cannot be abused by the text it shows."""

from __future__ import annotations

import io

from rich.console import Console

from bot.cli.redline_view import print_redline
from bot.redline import redline


def printed(old, new, **options):
    out = io.StringIO()
    print_redline(redline(old, new), Console(file=out, width=100, **options))
    return out.getvalue()


def test_removed_and_added_words_are_marked_without_colour():
    text = printed(
        "Head.\n\nItems of 4800 TPP.\n\nGone soon.", "Head.\n\nItems of 5200 TPP.\n\nWholly different words."
    )
    assert "~ ¶ 2  changed  4800 → 5200" in text
    assert "Items of [-4800-]{+5200+} TPP." in text
    assert "[-Gone soon.-]" in text
    assert "{+Wholly different words.+}" in text
    assert text.startswith("1 added, 1 removed, 1 changed, 0 moved")
    assert "\x1b" not in text


def test_removed_words_are_struck_in_a_terminal():
    text = printed("Items of 4800 TPP.", "Items of 5200 TPP.", force_terminal=True, color_system="standard")
    assert "\x1b[9;31m[-4800-]" in text


def test_text_is_neither_markup_nor_control():
    text = printed("[bold]x[/bold] of a and b", "[bold]x[/bold] of a\x1b[2J\x07 and [link=http://x]c")
    assert "[bold]x[/bold]" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_long_kept_stretches_are_cut():
    kept = "word " * 400
    text = printed(f"{kept}4800 {kept}end", f"{kept}5200 {kept}end")
    assert len(text) < 700
    assert "…" in text
