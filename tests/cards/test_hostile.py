"""Whatever strangers write: cards are made, stay small, and hold nothing that a terminal or a reader stumbles on."""

import unicodedata
from datetime import UTC, date, datetime

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.alert import alert_card, reply_card
from bot.cards.card import Card, Span, plain
from bot.cards.card_json import card_json, card_of
from bot.cards.cutting import count
from bot.cards.facts import facts_json
from bot.cards.law import LawLine
from bot.model import Assessment, Direction, Kind, Member, Op, Revision, Severity, Stage, Story, Trust

NASTY = st.one_of(
    st.text(st.characters(), max_size=400),
    st.text(st.sampled_from("\x00\x1b[31m\u202e\ud800\u200d\u0301**~~`[]{}<>@&|\n\r\t🇩🇪中文 aé"), max_size=300),
    st.sampled_from(
        [
            "{title} **bold** [[x]] ~~gone~~ `code` {0} {law}",
            "<!channel> <@U1> @everyone &lt;b&gt; [link](javascript:alert(1))",
            "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
            "é" * 5000,
            "👨‍👩‍👧‍👦" * 900,
            "",
            " \u200b\u2060 ",
        ]
    ),
)
OURS = NASTY.map(lambda text: text.encode("utf-8", "replace").decode())
"""Names and ids of our own: any text that can be stored."""

NAMES = st.lists(OURS, max_size=7).map(tuple)
MOMENTS = st.integers(0, 2_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
URLS = st.one_of(
    st.none(), NASTY, st.sampled_from(["https://a.example/x", "javascript:alert(1)", "https://a.example/\x1b[31m"])
)

assessments = st.builds(
    Assessment,
    relevant=st.just(True),
    score=st.just(1.0),
    chips=NAMES,
    companies=NAMES,
    origin=NAMES,
    destinations=NAMES,
    kind=st.sampled_from(Kind),
    direction=st.sampled_from(Direction),
    trust=st.sampled_from(Trust),
    severity=st.sampled_from(Severity),
    stage=st.sampled_from([None, *Stage]),
)
members = st.builds(
    Member,
    source=OURS,
    source_name=NASTY,
    key=NASTY,
    title=NASTY,
    url=URLS,
    published=st.one_of(st.none(), MOMENTS, st.dates(date(2019, 1, 1), date(2027, 1, 1))),
    language=st.one_of(st.none(), NASTY, st.sampled_from(["en", "de", "zh", "zh-Hant", "ja"])),
    trust=st.sampled_from(Trust),
    joined_at=MOMENTS,
)
laws = st.builds(
    LawLine,
    chip=NASTY,
    destination=NASTY,
    status=st.one_of(NASTY, st.sampled_from(["licence_required_case_by_case", "undetermined"])),
    since=st.none() | st.dates(date(2019, 1, 1)),
    basis=NASTY,
    maker=NASTY,
    changed=st.booleans(),
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    documents = draw(st.lists(members, min_size=1, max_size=9))
    return Story(draw(OURS), draw(MOMENTS), draw(MOMENTS), draw(assessments), documents[0], tuple(documents))


def spans_of(card: Card) -> list[Span]:
    return [span for line in (card.marks, card.title, *card.lines, *card.footer) for span in line]


def check(card: Card) -> None:
    spans = spans_of(card)
    words = [*(span.text for span in spans), *(button.label for button in card.buttons)]
    for text in words:
        assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    for span in spans:
        assert span.url is None or span.url.lower().startswith(("http://", "https://"))
        assert span.url is None or (span.url.isprintable() and len(span.url) <= 1000)
    assert plain(card.title).strip()
    assert all(count(plain(line)) <= 440 for line in (card.title, *card.lines))
    assert sum(count(plain(line)) for line in (card.marks, card.title, *card.lines, *card.footer)) <= 3600
    assert all(count(button.label) <= 80 for button in card.buttons)
    assert card_of(orjson.loads(orjson.dumps(card_json(card)))) == card


@settings(max_examples=60, deadline=None)
@given(
    stories(),
    st.lists(laws, max_size=4).map(tuple),
    st.sampled_from(["en", "de", "zh"]),
    st.lists(
        st.sampled_from(["trust", "stage", "severity", "direction", "fact", "withdrawn", "unknown"]), max_size=4
    ).map(tuple),
)
def test_any_story_makes_cards_that_are_small_and_clean(
    story: Story, law: tuple[LawLine, ...], language: str, rise: tuple[str, ...]
) -> None:
    for op in (Op.POST, Op.EDIT):
        check(alert_card(Revision(story, 1, op, story.grew_at, rise), law, language))
    reply = Revision(story, 3, Op.REPLY, story.grew_at, rise)
    check(reply_card(reply, law, language))
    assert orjson.loads(orjson.dumps(facts_json(reply, "console", "here")))["op"] == "reply"


@given(laws)
def test_a_law_line_survives_being_stored(line: LawLine) -> None:
    assert LawLine.of(line.record()) == line
    assert LawLine.of({**line.record(), "of_a_later_version": 1}) == line
