"""What the pictures say, and that every word of it can be drawn."""

from __future__ import annotations

import asyncio
import json
import re
import struct
import tomllib
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.charts import clocks, limits, matrix, timeline
from bot.cards.charts.labels import ENGLISH, SHADES, SHORT, Labels, shade_of
from bot.cards.charts.lanes import INNER, Happening, Lane, Span, Stretch
from bot.cards.charts.look import COLOURS, INK_ON, MARKS, SMALL, text_width, wrapped
from bot.cards.charts.painter import Painter
from bot.cards.charts.painting import FONTS
from bot.cards.charts.placement import Spot, place
from bot.knowledge.statuses import StatusName

PACKAGE = Path(limits.__file__).resolve().parents[2]
LEDGER = date(2026, 10, 9)


@pytest.fixture(scope="module", autouse=True)
def fonts():
    vl_convert.register_font_directory(str(FONTS))


def drawn(spec):
    return vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])


def words_of(svg):
    """The lines of text in a picture."""
    return [line for text in re.findall(r"<text[^>]*>(.*?)</text>", svg) for line in re.split(r"<[^>]*>", text) if line]


def test_every_picture_has_title_ledger_date_legend_and_words_that_can_be_read(picture):
    _, language, module, data, labels = picture
    spec = module.specification(data, labels)
    svg = drawn(json.loads(json.dumps(spec)))
    texts = words_of(svg)
    assert spec["title"]["text"][0] in texts
    assert any(labels.day(LEDGER) in text for text in texts)
    assert {float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)} >= {13.0, 18.0}
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 13
    (width,) = (float(found) for found in re.findall(r'<svg[^>]*? width="([\d.]+)"', svg))
    assert 440 <= width <= 500, "a phone shows it at about 390 points"
    if language != "en":
        assert not {text for text in texts if text in ENGLISH.values()} - {"◐", "ECCN"}


def test_the_words_of_a_picture_name_all_that_it_shows(picture):
    kind, _, module, data, labels = picture
    words = module.alt(data, labels)
    assert module.specification(data, labels)["description"] == words
    if kind == "matrix":
        assert all(name in words for name in (*data.chips, *data.places))
    elif kind == "limits":
        assert all(chip.name in words for chip in data.chips)
        assert labels.number(2368) in words
    else:
        lanes = data.lanes if kind == "timeline" else ()
        assert all(lane.name in words for lane in lanes)
        assert labels.day(date(2025, 4, 9)) in words
    if kind == "clocks":
        assert labels.text("clocks.gap", days=6) in words


def test_a_colour_never_stands_alone():
    assert set(COLOURS) == set(MARKS) == set(INK_ON) == set(SHADES)
    assert len(set(MARKS.values())) == len(SHADES)
    assert {f"chart.short.{shade}" for shade in SHORT} == {key for key in ENGLISH if key.startswith("chart.short.")}


def test_marks_stand_out_from_their_colours():
    for shade in SHADES:
        assert contrast(COLOURS[shade], INK_ON[shade]) >= 4.4, shade


def test_colours_stay_apart_for_colour_blind_eyes():
    for simulate in (DEUTERANOPIA, PROTANOPIA, None):
        seen = {shade: lab(colour, simulate) for shade, colour in COLOURS.items()}
        for one, other in combinations(seen, 2):
            distance = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
            assert distance > 20, (one, other, round(distance))


# Viénot, Brettel and Mollon (1999), on linear RGB.
DEUTERANOPIA = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))
PROTANOPIA = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))


def linear(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one, other):
    light, dark = sorted(
        (0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in map(linear, (one, other))), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def lab(colour, simulate):
    rgb = linear(colour)
    if simulate:
        rgb = [max(sum(weight * part for weight, part in zip(row, rgb, strict=True)), 0) for row in simulate]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (
        sum(weight * part for weight, part in zip(row, rgb, strict=True)) / white
        for row, white in zip(rows, (0.9505, 1.0, 1.089), strict=True)
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_every_status_has_a_shade():
    assert {shade_of(name) for name in StatusName} == set(SHADES) - {"none_known"}
    assert shade_of(None) == "none_known"
    assert shade_of("destination_discourages") == "own_measure"
    with pytest.raises(ValueError, match="h2o"):
        shade_of("h2o")


def test_a_word_that_a_catalogue_lacks_is_taken_from_english():
    assert Labels("de", {"chart.today": "Datenstand endet"}).text("asked", day="x") == "asked: x"


def test_dates_and_numbers_are_written_in_the_manner_of_the_language(words):
    written = {
        language: (labels.day(LEDGER), labels.number(4800), labels.number(5.92, 2))
        for language, (labels, _) in words.items()
    }
    assert written == {
        "en": ("9 Oct 2026", "4,800", "5.92"),
        "de": ("09.10.2026", "4.800", "5,92"),
        "zh": ("2026年10月9日", "4,800", "5.92"),
    }


def test_the_gap_between_the_clocks_is_counted_from_the_lanes():
    law = (Stretch("unclear", date(2025, 1, 1), date(2025, 4, 9)), Stretch("licence_open", date(2025, 4, 9)))
    known = (Stretch("unclear", date(2025, 1, 1), date(2025, 4, 15)), Stretch("licence_open", date(2025, 4, 15)))
    chart = clocks.Clocks("H20", "China", law, known, Span(date(2025, 1, 1), date(2025, 6, 1), LEDGER))
    assert clocks.gaps(chart) == [(date(2025, 4, 9), date(2025, 4, 15))]
    assert "days in force before public: 6" in words_of(drawn(clocks.specification(chart)))
    same = clocks.Clocks("H20", "China", law, law, chart.span)
    assert clocks.gaps(same) == []
    assert drawn(clocks.specification(same))


def test_an_open_stretch_is_paler_behind_the_ledgers_end():
    lane = Lane("x", (Stretch("licence_open", date(2026, 1, 1)),))
    chart = timeline.Timeline("x", (lane,), (), Span(date(2026, 1, 1), date(2026, 11, 24), LEDGER))
    assert sorted(set(re.findall(r'(?<!stroke-)opacity="([\d.]+)"', drawn(timeline.specification(chart))))) >= ["0.45"]


def test_what_is_only_said_has_a_hollow_badge_and_what_is_law_a_filled_one():
    span = Span(date(2025, 1, 1), date(2025, 12, 1), LEDGER)
    happenings = (Happening(date(2025, 4, 9), "act", law=True), Happening(date(2025, 7, 14), "words", law=False))
    svg = drawn(timeline.specification(timeline.Timeline("x", (), happenings, span)))
    assert "act or rule" in words_of(svg)
    assert "statement or report" in words_of(svg)


def test_the_matrix_keeps_the_order_that_it_is_given():
    chart = matrix.Matrix(("Z1", "A1"), ("Nepal", "Chile"), {("Z1", "Chile"): "barred"}, LEDGER, LEDGER)
    texts = words_of(drawn(matrix.specification(chart)))
    assert texts.index("Nepal") < texts.index("Chile")
    assert texts.index("Z1") < texts.index("A1")
    assert "Z1: no measure known (Nepal); barred (Chile)." in matrix.alt(chart)


def test_chips_exempt_by_note_2_are_named_and_unknown_areas_too():
    chips = (limits.Chip("RTX 4090 D", 4707, 7.74, 7.74), limits.Chip("Gaudi 3", 29360, None, None, "3A090.a.1"))
    notes = " ".join(limits.specification(limits.Map(chips, LEDGER))["title"]["subtitle"])
    assert "(Note 2): RTX 4090 D" in notes
    assert "TPP only: Gaudi 3" in notes


@pytest.fixture(scope="module")
def paint():
    """A picture as PNG; the library ends its whole process over some texts, hence the child."""
    with asyncio.Runner() as runner:
        painter = Painter(deadline=60)
        yield lambda spec: runner.run(painter.paint(spec))
        runner.run(painter.close())


HOSTILE = ["<script>alert(1)</script>", "'); drop", '"}]', "{chip}", "\\", "名" * 80, "", "\x00", "\ud800", "\u202e"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(name, paint):
    span = Span(date(2025, 1, 1), date(2025, 12, 1), LEDGER)
    lane = Lane(name, (Stretch("unclear", date(2025, 1, 1), None, name),))
    happening = Happening(date(2025, 2, 1), name, law=True)
    for spec in (
        timeline.specification(timeline.Timeline(name, (lane,), (happening,), span)),
        limits.specification(limits.Map((limits.Chip(name, 4800, 6, 6),), LEDGER)),
        matrix.specification(matrix.Matrix((name,), (name,), {}, LEDGER, LEDGER)),
    ):
        assert paint(spec).startswith(b"\x89PNG")
        if name.isprintable():
            assert "<script>" not in drawn(spec)


def test_empty_pictures_are_drawn_all_the_same():
    span = Span(LEDGER, LEDGER, LEDGER)
    assert drawn(timeline.specification(timeline.Timeline("x", (), (), span)))
    assert drawn(limits.specification(limits.Map((), LEDGER)))
    assert drawn(matrix.specification(matrix.Matrix((), (), {}, LEDGER, LEDGER)))


SPOTS = st.lists(
    st.builds(
        Spot,
        st.floats(0, 400),
        st.floats(0, 400),
        st.lists(st.sampled_from(["H20", "RTX 4090 D"]), min_size=1).map(tuple),
    ),
    max_size=25,
)


@given(SPOTS)
@settings(max_examples=60, deadline=None)
def test_no_name_on_the_map_covers_another_or_a_dot(spots):
    boxes = [
        (name.x, name.y - 7, name.x + text_width(name.text, SMALL), name.y + 7)
        for name in place(spots, 400, 400, [])
        if name.text
    ]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for box in boxes:
        assert box[0] >= 0
        assert box[2] <= 400
        assert not any(box[0] < spot.x < box[2] and box[1] < spot.y < box[3] for spot in spots)


@given(st.text(alphabet="abc 中文，。 de", max_size=120))
@settings(deadline=None)
def test_wrapping_loses_nothing_and_fits(text):
    lines = wrapped(text, INNER, SMALL)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, SMALL) <= INNER or " " not in line for line in lines)


def glyphs(font):
    """The characters of an OpenType font: the format 4 and 12 tables of its `cmap`."""
    data = font.read_bytes()
    tables = {
        data[at : at + 4]: struct.unpack(">I", data[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
    }
    base = tables[b"cmap"]
    found = set()
    for number in range(struct.unpack(">H", data[base + 2 : base + 4])[0]):
        table = base + struct.unpack(">I", data[base + 8 + 8 * number : base + 12 + 8 * number])[0]
        kind = struct.unpack(">H", data[table : table + 2])[0]
        if kind == 12:
            for group in range(struct.unpack(">I", data[table + 12 : table + 16])[0]):
                first, last, _ = struct.unpack(">III", data[table + 16 + 12 * group : table + 28 + 12 * group])
                found |= set(range(first, last + 1))
        elif kind == 4:
            segments = struct.unpack(">H", data[table + 6 : table + 8])[0] // 2
            ends = struct.unpack(f">{segments}H", data[table + 14 : table + 14 + 2 * segments])
            begin = table + 16 + 2 * segments
            for first, last in zip(
                struct.unpack(f">{segments}H", data[begin : begin + 2 * segments]), ends, strict=True
            ):
                found |= set(range(first, last + 1)) - {0xFFFF}
    return found


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def test_the_shipped_font_has_every_character_that_a_picture_may_need(words):
    (font,) = FONTS.glob("*.otf")
    assert font.stat().st_size < 2 * 1024 * 1024
    has = glyphs(font)
    level_1 = "".join(
        bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)
    )
    needed = set("".join((level_1, *MARKS.values(), "●○▶→…·–")))
    for labels, names in words.values():
        needed |= set("".join((*labels.texts.values(), *names.values())))
    data = PACKAGE / "knowledge" / "data"
    named = (data / "countries.toml", *data.glob("chips/*.toml"), *data.glob("ledger/*.toml"))
    for file in (*PACKAGE.glob("locale/**/*.toml"), *named):
        catalogue = tomllib.loads(file.read_text(encoding="utf-8"))
        if "locale" in file.parts:
            catalogue = {key: value for key, value in flat(catalogue) if key.startswith("chart.")}
        needed |= {letter for text in texts_in(catalogue) for letter in text}
    missing = sorted(letter for letter in needed if letter.isprintable() and ord(letter) not in has)
    assert not missing, "make the font anew, as bot/cards/charts/fonts/README.md says"


def flat(table, path=""):
    """The leaves of a catalogue by their dotted keys."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def test_the_reader_of_the_font_sees_what_is_missing():
    (font,) = FONTS.glob("*.otf")
    assert ord("中") in glyphs(font)
    assert 0x1F600 not in glyphs(font)
    assert all(before < after for before, after in pairwise(sorted(glyphs(font))))


def test_the_tables_of_words_hold_the_same_keys_and_placeholders(words):
    for labels, _ in words.values():
        assert labels.texts.keys() == ENGLISH.keys()
        for key, text in ENGLISH.items():
            assert set(re.findall(r"{(\w+)}", labels.texts[key])) == set(re.findall(r"{(\w+)}", text)), key
