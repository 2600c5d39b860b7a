"""The catalogues say the same in every language, and the code knows every message that they hold."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import bot
from bot.cards.charts.labels import ENGLISH
from bot.knowledge.ledger import load_ledger
from bot.knowledge.wording import english
from bot.locale.catalogue import LANGUAGES, Catalogue, catalogue, reader_language, tables_of
from bot.locale.message import message_of, names_of
from tests.liveness import lively

PACKAGE = Path(bot.__file__).parent
OTHERS = LANGUAGES[1:]
OPTIONAL = ("names.chip.", "names.to.", "names.place.", "names.actor.", "status.buyer_of.")
"""Names that one language needs and another does not."""

FOR_SETTINGS = ("names.severity.", "names.direction.", "names.trust.")
"""Words that the choices of a channel's order are made of; the platforms say them."""

EVENTS = load_ledger().events
REASONS = {effect.reason for event in EVENTS for effect in event.effects if effect.reason}
ELSEWHERE = (
    {f"wording.{key}": text for key, text in english().items()}
    | {f"recorded_reason.{text}": text for text in REASONS}
    | {f"event_title.{event.title}": event.title for event in EVENTS}
    | dict(ENGLISH)
)
"""Messages whose English stands beside the code or in the ledger that says them."""

KEY = re.compile(r"[a-z_]+(\.[A-Za-z0-9_ -]+)+")


def texts(language: str) -> dict[str, str]:
    own = dict(catalogue(language).texts)
    return {**own, **ELSEWHERE} if language == "en" else own


def merged(found: dict[str, str]) -> dict[str, list[str]]:
    """Messages by key, a plural's forms together."""
    groups: dict[str, list[str]] = {}
    for key, text in found.items():
        groups.setdefault(re.sub(r"\.(one|other)$", "", key) if is_plural(key, found) else key, []).append(text)
    return groups


def is_plural(key: str, found: dict[str, str]) -> bool:
    stem, _, last = key.rpartition(".")
    return last in ("one", "other") and f"{stem}.other" in found and "{n}" in found[f"{stem}.other"]


def required(keys: object) -> set[str]:
    return {key for key in keys if not key.startswith(OPTIONAL)}  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_message(language: str) -> None:
    assert required(merged(texts(language))) == required(merged(texts("en")))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_fills_the_same_placeholders(language: str) -> None:
    theirs = merged(texts(language))
    for key, forms in merged(texts("en")).items():
        if key.startswith(OPTIONAL) or key not in theirs:
            continue
        wanted = set().union(*(names_of(message_of(form)) for form in forms))
        found = set().union(*(names_of(message_of(form)) for form in theirs[key]))
        assert found == wanted, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_read(language: str) -> None:
    for key, text in texts(language).items():
        assert message_of(text) or key.endswith(".gap"), key
        assert "—" not in text, f"{key}: no dash of this kind in the house style"


def test_chinese_and_german_say_that_no_native_speaker_has_read_them() -> None:
    assert [catalogue(language).native_read for language in LANGUAGES] == [True, False, False]
    for language in OTHERS:
        about = PACKAGE / "locale" / language / "about.toml"
        assert "native speaker" in about.read_text(encoding="utf-8").splitlines()[0]


def test_nothing_bare_says_that_no_licence_is_required() -> None:
    bare = re.compile(r"no licence required|keine Genehmigung (nötig|erforderlich)$|无须许可证$", re.IGNORECASE)
    for language in LANGUAGES:
        assert not [key for key, text in texts(language).items() if bare.search(text)]


@cache
def modules() -> dict[Path, ast.Module]:
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(PACKAGE.rglob("*.py"))}


def names_in(tree: ast.AST) -> Counter[str]:
    """Every name that a piece of code uses: called, passed on, imported or reached through a module."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found[node.id] += 1
        elif isinstance(node, ast.Attribute):
            found[node.attr] += 1
        elif isinstance(node, ast.alias):
            found[node.name] += 1
    return found


@cache
def called_by_nobody(trees: tuple[ast.Module, ...]) -> frozenset[ast.AST]:
    """The functions of modules whose name nothing uses but themselves and others of their like. One that is decorated
    is called by whoever keeps the register. A name is all that is looked at: a namesake elsewhere keeps one alive."""
    used = sum((names_in(tree) for tree in trees), Counter[str]())
    functions = {
        node: names_in(node)
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list
    }
    dead: set[ast.AST] = set()
    while fresh := [
        each for each, within in functions.items() if each not in dead and used[each.name] <= within[each.name]
    ]:
        dead.update(fresh)
        for each in fresh:
            used -= functions[each]
    return frozenset(dead)


def test_a_function_that_nobody_calls_is_found_with_what_only_it_calls() -> None:
    code = """
def first(): return second() + first()
def second(): return "correction.list_title"
def third(): return "status.title"
@register
def fourth(): return third()
"""
    dead = called_by_nobody((ast.parse(code),))
    assert {each.name for each in dead if isinstance(each, ast.FunctionDef)} == {"first", "second"}


def living(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module but those of functions that nobody calls."""
    if tree in called_by_nobody(tuple(modules().values())):
        return
    yield tree
    for node in ast.iter_child_nodes(tree):
        yield from living(node)


def strings_in_code(folder: str = "") -> Iterator[str]:
    """Every string of a folder of the package that somebody may say; the changing parts of an f-string become a
    star."""
    for file, tree in modules().items():
        if not file.is_relative_to(PACKAGE / folder) or (folder == "cards" and "charts" in file.parts):
            continue
        for node in living(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


TEMPLATE_WORD = re.compile(r"\b(t|w|rich_t)\('([^']+)'( ~)?")


def keys_in_templates() -> Iterator[str]:
    """What the templates of the pages say: `t('a.b')` is `board.a.b`; what is put together ends in a star."""
    for file in sorted((PACKAGE / "web/templates").rglob("*.html")):
        for how, key, more in TEMPLATE_WORD.findall(file.read_text(encoding="utf-8")):
            yield ("" if how == "w" else "board.") + key + ("*" if more else "")


def patterns_in_code() -> tuple[set[str], list[re.Pattern[str]]]:
    exact, patterns = set(), []
    for text in (*strings_in_code(), *keys_in_templates()):
        if KEY.fullmatch(text):
            exact.add(text)
        elif "*" in text and KEY.fullmatch(text.replace("*", "x")) and not text.startswith("*"):
            patterns.append(re.compile(re.escape(text).replace(r"\*", "[A-Za-z0-9_ -]+")))
    return exact, patterns


def test_no_message_is_left_that_nobody_says() -> None:
    exact, patterns = patterns_in_code()
    found = merged({key: text for key, text in texts("en").items() if key not in ELSEWHERE})
    unused = [
        key
        for key in found
        if key not in exact
        and not key.startswith(OPTIONAL + FOR_SETTINGS)
        and not any(p.fullmatch(key) for p in patterns)
    ]
    assert not unused


def test_every_message_that_cards_and_errors_name_is_there() -> None:
    say = catalogue("en")
    topics = {key.partition(".")[0] for key in say.texts}
    named = {
        *(text for text in strings_in_code("cards") if KEY.fullmatch(text) and text.partition(".")[0] in topics),
        *(text for text in strings_in_code() if KEY.fullmatch(text) and text.startswith("errors.")),
    }
    assert {"errors.water", "alert.words", "status.title"} <= named
    assert not [key for key in named if not say.has(key) and not key.endswith("_")]  # a beginning of an f-string


def test_a_message_that_a_language_lacks_is_said_in_english() -> None:
    english_tables, german_tables = tables_of("en"), tables_of("de")
    del german_tables["alert"]["words_none"]
    lacking = Catalogue("de", german_tables, Catalogue("en", english_tables))
    assert lacking.has("alert.words_none")
    assert not lacking.owns("alert.words_none")
    assert lacking.text("alert.words_none") == catalogue("en").text("alert.words_none")


def test_an_unknown_message_is_an_error() -> None:
    with pytest.raises(KeyError):
        catalogue("de").say("alert.no_such_thing")


@pytest.mark.parametrize(
    ("asked", "given"), [("de", "de"), ("de_AT", "de"), ("zh-Hans-CN", "zh"), ("EN", "en"), ("fr", "en"), ("", "en")]
)
def test_the_nearest_language_is_given(asked: str, given: str) -> None:
    assert catalogue(asked).language == given


def test_the_reader_at_the_terminal_is_spoken_to_in_his_language() -> None:
    assert reader_language({"LANG": "de_DE.UTF-8"}) == "de"
    assert reader_language({"LANG": "de_DE.UTF-8", "LC_ALL": "zh_CN.UTF-8"}) == "zh"
    assert reader_language({"CHIPWATCH_BOT__LANGUAGE": "en", "LANG": "de_DE.UTF-8"}) == "en"
    assert reader_language({"LANG": "C.UTF-8"}) == reader_language({}) == "en"


def test_plurals_follow_the_number() -> None:
    assert catalogue("en").text("marks.who.press", n=1) == "1 press report"
    assert catalogue("en").text("marks.who.press", n=3) == "3 press reports"
    assert catalogue("de").text("marks.who.outlets", n=1) == "1 Medium"
    assert catalogue("zh").text("marks.who.press", n=1) == "1篇媒体报道"


def test_a_message_is_said_quickly_and_a_catalogue_is_read_quickly() -> None:
    """A test bounds liveness: ten times the room that was measured (4 us a message, 6 ms a catalogue)."""
    with lively(0.03):
        Catalogue("de", tables_of("de"))
    say = catalogue("de")
    with lively(0.2):
        for _ in range(20_000):
            say.say("alert.voice.reports", who="THE DECODER", quote="Nvidia")


def test_a_catalogue_brings_no_heavy_library() -> None:
    code = (
        "import sys; from bot.locale.catalogue import catalogue; catalogue('de').text('law.still');"
        "print([m for m in ('babel', 'rich', 'pydantic', 'asyncio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert done.stdout.strip() == "[]"
