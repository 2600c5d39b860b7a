"""Every regular expression of the bot, read off its source, and strings that are made to keep each of them busy."""

from __future__ import annotations

import ast
import importlib
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
ANCHORED = {"match", "fullmatch"}
MANY = 24
"""A repetition that ends before this many turns can keep nobody busy."""


@dataclass(frozen=True)
class Expression:
    """An expression, where it stands and how it is used: searched for anywhere, or held against a beginning only."""

    place: str
    pattern: re.Pattern[Any]
    searches: bool

    def run(self, text: str) -> None:
        subject = text.encode("utf-8", "replace") if isinstance(self.pattern.pattern, bytes) else text
        if self.searches:
            for _ in self.pattern.finditer(subject):
                pass
        else:
            self.pattern.match(subject)
            self.pattern.fullmatch(subject)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of `re` in a module."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CALLS
            and ast.unparse(node.func.value) == "re"
        ):
            yield node


def collected(made_at_run_time: Mapping[str, tuple[Any, ...]]) -> tuple[list[Expression], list[str]]:
    """All expressions, and the places of those that cannot be read off the source.

    Of what is put together while the bot runs `made_at_run_time` has examples, by how the place begins.
    """
    found: list[Expression] = []
    unread: list[str] = []
    for path in sorted((ROOT / "bot").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "import re\n" not in source:
            continue
        tree = ast.parse(source)
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for node in calls(tree):
            assert isinstance(node.func, ast.Attribute)
            place = f"{name}:{ast.unparse(node.args[0])[:90]}"
            used = node.func.attr if node.func.attr != "compile" else ""
            searches = used not in ANCHORED if used else _is_searched(source, tree, node)
            try:
                patterns = [_evaluated(node, name)]
            except NameError:
                patterns = [each for key, made in made_at_run_time.items() if place.startswith(key) for each in made]
                if not patterns:
                    unread.append(place)
            flags = _flags(node)
            for pattern in patterns:
                compiled = pattern if isinstance(pattern, re.Pattern) else re.compile(pattern, flags)
                found.append(Expression(place, compiled, searches))
    return found, unread


def _evaluated(node: ast.Call, module: str) -> Any:
    """The first argument, from constants and names of its module. Raises NameError where it needs more."""
    first = node.args[0]
    if isinstance(first, ast.Constant):
        return first.value
    code = compile(ast.Expression(first), module, "eval")
    return eval(code, dict(vars(importlib.import_module(module))))  # noqa: S307  # the bot's own source


def _flags(node: ast.Call) -> int:
    """The flags of a call: what is written `re.IGNORECASE | re.DOTALL`."""
    written = [*node.args[1:], *(word.value for word in node.keywords if word.arg == "flags")]
    named = [each for argument in written for each in ast.walk(argument) if isinstance(each, ast.Attribute)]
    flags = 0
    for each in named:
        if ast.unparse(each.value) == "re":
            flags |= int(getattr(re, each.attr))
    return flags


def _is_searched(source: str, tree: ast.AST, node: ast.Call) -> bool:
    """Whether the name that a compiled expression is given is used for more than matching a beginning."""
    for each in ast.walk(tree):
        targets = each.targets if isinstance(each, ast.Assign) else []
        if isinstance(each, ast.Assign) and each.value is node and isinstance(targets[0], ast.Name):
            used = set(re.findall(rf"\b{re.escape(targets[0].id)}\.(\w+)\(", source))
            bare = re.search(rf"\b{re.escape(targets[0].id)}\b(?!\.|\s*=|\s*:)", source)
            return bool(bare) or not used <= ANCHORED
    return True


def hostile(pattern: re.Pattern[Any], size: int) -> set[str]:
    """Strings of about `size` characters: each long repetition of the expression gone through again and again, behind
    what stands before it and before something that makes the whole fail."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    made = {piece * (size // len(piece)) for piece in ("a", "0", " ", "<", "(", "-", "A", ".", "a ", "1 ", "中", "<a ")}
    for before, body in _repetitions(list(sre_parser.parse(text, pattern.flags & ~re.DEBUG))):
        if not body:
            continue
        turns = body * max(size // len(body), 1)
        head = before[-200:]
        made |= {turns, head + turns, head + turns + "\x00", head + turns + "!", head + turns + "\n\x00"}
        whole = head + body
        made |= {whole * (size // len(whole)), (head + body * 8) * (size // (len(head) + len(body) * 8) or 1)}
    return made


def _repetitions(nodes: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """For each repetition a sample of what stands before it and one turn of it."""
    for op, argument in nodes:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, most, inner = argument
            if most == sre.MAXREPEAT or most >= MANY:
                yield before, _sample(list(inner))
            yield from _repetitions(list(inner), before)
        elif op is sre.BRANCH:
            for branch in argument[1]:
                yield from _repetitions(list(branch), before)
        elif op is sre.SUBPATTERN:
            yield from _repetitions(list(argument[3]), before)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repetitions(list(argument[1]), before)
        elif op is sre.ATOMIC_GROUP:
            yield from _repetitions(list(argument), before)
        before += _sample([(op, argument)])


def _sample(nodes: list[Any]) -> str:
    """A short string that nodes match, as good as it goes."""
    out = ""
    for op, argument in nodes:
        if op is sre.LITERAL:
            out += chr(argument)
        elif op is sre.NOT_LITERAL:
            out += "a" if argument != ord("a") else "b"
        elif op is sre.ANY:
            out += "a"
        elif op is sre.IN:
            out += _one_of(argument)
        elif op is sre.BRANCH:
            out += _sample(list(argument[1][0]))
        elif op is sre.SUBPATTERN:
            out += _sample(list(argument[3]))
        elif op is sre.ATOMIC_GROUP:
            out += _sample(list(argument))
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            out += _sample(list(argument[2])) * min(max(int(argument[0]), 1), 300)
    return out


_CATEGORIES = {sre.CATEGORY_DIGIT: "0", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_DIGIT: "a",
               sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: "-"}  # fmt: skip


def _one_of(parts: list[Any]) -> str:
    if parts[0][0] is sre.NEGATE:
        matcher = re.compile("[^" + "".join(_written(op, argument) for op, argument in parts[1:]) + "]")
        return next((each for each in "a0 -.;x中" if matcher.match(each)), "\x01")
    op, argument = parts[0]
    if op is sre.LITERAL:
        return chr(argument)
    return chr(argument[0]) if op is sre.RANGE else _CATEGORIES[argument]


def _written(op: Any, argument: Any) -> str:
    """A part of a character class as it is written."""
    if op is sre.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    if op is sre.LITERAL:
        return re.escape(chr(argument))
    return _CLASSES[argument]


_CLASSES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_WORD: r"\w",
            sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_NOT_WORD: r"\W"}  # fmt: skip
