"""What people read stands in the catalogues: words in templates, cards and commands that come from nowhere else."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment

BOT = Path(__file__).resolve().parent.parent.parent / "bot"
PROPER = {"Atom", "CN", "Chipwatch", "GB", "JSON", "OpenAPI", "SHA", "TPP", "chip", "https", "iCalendar", "mm²"}
"""Names, units and what is typed: the same in every language."""
READ_BY_MACHINES = {
    "cards/charts/labels.py": None,  # the English of the pictures: a catalogue of its own
    "cards/icalendar.py": {"PRODID:-//Chipwatch//Dates ahead//EN", "outcome not recorded"},
    "cards/spreadsheet.py": {"licence requirement", "review policy", "concerns AI chips", "changed fields"},
    "commands/chipwatch/pause.py": {"paused by a manager"},  # stands in the store
}
"""By module, what is no text for a reader; None: the whole module."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")


def words_of_template(source: str) -> set[str]:
    """The words that a template says by itself, in text and in attributes that are read out."""
    pieces = Environment(autoescape=True).lex(source)
    text = "".join(value if kind == "data" else "\0" for _, kind, value in pieces)
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    read = re.findall(r'(?:alt|title|aria-label|placeholder)="([^"]*)"', text)
    return set(_WORD.findall(" ".join([re.sub(r"<[^>]*>", " ", text), *read])))


def sentences_of_module(source: str) -> set[str]:
    """Texts of two words and more that a module holds, without its docstrings and what it raises."""
    tree = ast.parse(source)
    apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    apart |= {id(inner) for node in ast.walk(tree) if isinstance(node, ast.Raise) for inner in ast.walk(node)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart
        if _SENTENCE.search(node.value)
    }


TEMPLATES = sorted((BOT / "web" / "templates").rglob("*.html"))
MODULES = sorted(path for room in ("cards", "commands") for path in (BOT / room).rglob("*.py"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_by_itself(path):
    assert words_of_template(path.read_text(encoding="utf-8")) - PROPER == set()


def test_no_card_and_no_command_says_anything_by_itself():
    found = {}
    for path in MODULES:
        name = path.relative_to(BOT).as_posix()
        known = READ_BY_MACHINES.get(name, set())
        if known is not None and (said := sentences_of_module(path.read_text(encoding="utf-8")) - known):
            found[name] = said
    assert found == {}


def test_a_text_outside_the_catalogues_is_seen():
    template = '<p title="Read me">{{ t("x") }} Some words</p><script type="x">no words</script>'
    assert words_of_template(template) == {"Read", "me", "Some", "words"}
    module = '"""A doc string."""\nX = "licence required now"\nraise ValueError("not this one")\n'
    assert sentences_of_module(module) == {"licence required now"}
