"""docs/logs.md names every event that the code logs, and none besides."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
COMPLAINS = {"level", "_complain", "_report", "report"}
"""What hands an event on under a name of its own; `_report` of the Slack adapter leaves the prefix out."""
PAGE = ROOT / "docs/logs.md"


def events(module: str, source: str) -> set[str]:
    """The events that a module logs; a part that is filled in at run time is a star."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        func, first = node.func, node.args[0]
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        logs = name in LEVELS and isinstance(func, ast.Attribute) and "log" in ast.unparse(func.value).lower()
        hands_on = name in COMPLAINS and (name not in ("report", "_report") or "slack" in module)
        if logs or hands_on:
            found |= named(first, "slack_" if name == "_report" else "")
    return found


def named(first: ast.expr, prefix: str) -> set[str]:
    match first:
        case ast.Constant(value=str(word)) if re.fullmatch(r"[a-z_]+", word):
            return {prefix + word}
        case ast.JoinedStr(values=parts):
            text = "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)
            return {prefix + text} if re.fullmatch(r"[a-z_*]+", text) else set()
    return set()


def in_code() -> set[str]:
    found = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        found |= events(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    return found


def on_page() -> set[str]:
    """The events in the tables; the first table is of fields, not of events."""
    return set(
        re.findall(r"^\| `([a-z_]+)` \|", PAGE.read_text(encoding="utf-8").partition("## Sources")[2], re.MULTILINE)
    )


def test_every_event_of_the_code_stands_on_the_page():
    page, code = on_page(), in_code()
    plain = {event for event in code if "*" not in event}
    patterns = [event for event in code if "*" in event]
    assert len(plain) > 20
    assert plain - page == set()
    for pattern in patterns:
        shape = re.compile(pattern.replace("*", "[a-z_]+"))
        assert any(shape.fullmatch(event) for event in page), pattern


def test_every_event_of_the_page_is_logged():
    code = in_code()
    shapes = [re.compile(event.replace("*", "[a-z_]+")) for event in code]
    assert {event for event in on_page() if not any(shape.fullmatch(event) for shape in shapes)} == set()


def test_events_are_read_off_the_code():
    source = 'self._log.warning("slack_lost", a=1)\nlog.info(f"source_{x}", y=1)\nwarnings.warn("x")\nmath.log("y")'
    assert events("bot/x.py", source) == {"slack_lost", "source_*"}
    assert events("bot/platforms/slack/x.py", 'self._report("refused", {})') == {"slack_refused"}
