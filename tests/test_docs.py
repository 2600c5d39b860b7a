"""What the documents say exists: links, make targets, commands, settings, files, metrics."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.main import get_command

from bot.cli.commands import app
from bot.commands import registry
from bot.settings import Settings, effective
from bot.settings.tables import TOPICS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
TOPS = ("bot", "tests", "benchmarks", "tools")
SPAN = re.compile(r"`([^`\n]+)`")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def outside_blocks(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def spans(text: str) -> list[str]:
    """The runs of code within sentences, line breaks inside them made spaces."""
    joined = re.sub(r"(?<=\S)\n(?=\S)", " ", FENCE.sub("", text))
    return SPAN.findall(joined)


def code(text: str) -> list[str]:
    """All that stands in code: the runs within sentences, and the lines of blocks."""
    return spans(text) + [line for block in FENCE.findall(text) for line in block.splitlines()[1:-1]]


def anchors(page: Path) -> set[str]:
    """The names that the headings of a page can be linked by."""
    headings = re.findall(r"^#+ (.+)$", outside_blocks(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands() -> dict[str, set[str]]:
    """Every command of the command line with those below it."""
    return {
        word: set(getattr(each, "commands", ())) for word, each in getattr(get_command(app), "commands", {}).items()
    }


def wrong_commands(texts: list[str]) -> list[str]:
    """What a text calls a command of Chipwatch and is none."""
    known, wrong = commands(), []
    for text in texts:
        for group, verb in re.findall(r"(?<![\w./])/(chip|chipwatch|chipwatch-admin) ([a-z][a-z-]*)\b", text):
            if f"{group}.{verb}" not in registry.every():
                wrong.append(text)
        for first, second in re.findall(r"(?<!/)\bchipwatch ([a-z][a-z-]*)(?: ([a-z][a-z-]*)\b)?", text):
            if first not in known or (second and known[first] and second not in known[first]):
                wrong.append(text)
    return wrong


@pytest.fixture(params=PAGES, ids=name)
def page(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_every_link_inside_the_repository_leads_somewhere(page):
    dead = []
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", outside_blocks(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / unquote(path)).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(target)
    assert dead == []


def test_every_make_target_that_is_named_exists(page):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    joined = [re.sub(r"\s+", " ", line.split("#")[0]) for line in code(page.read_text(encoding="utf-8"))]
    named = {word for line in joined for run in re.findall(r"^make((?: [a-z]+)+)(?= |$)", line) for word in run.split()}
    assert named - targets == set()


def test_every_command_that_is_named_exists(page):
    lines = [line for line in code(page.read_text(encoding="utf-8")) if not line.startswith("docker")]
    assert wrong_commands(lines) == []


def test_wrong_commands_are_found():
    assert commands()["db"] >= {"check", "backup"}
    assert wrong_commands(["chipwatch runn", "chipwatch db explode", "chipwatch db check"]) == [
        "chipwatch runn",
        "chipwatch db explode",
    ]


def test_the_readme_names_every_command():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `chipwatch ([a-z-]+)", text, re.MULTILINE))
    assert rows <= commands().keys()
    assert {word for word in commands() if f"`chipwatch {word}`" not in text} == set()


def test_the_readme_names_the_two_commands_first():
    first = FENCE.findall((ROOT / "README.md").read_text(encoding="utf-8"))[0].splitlines()
    assert [line.split("#")[0].strip() for line in first[1:-1]] == ["make run", "make test"]


def test_every_setting_that_is_named_exists(page):
    names = {row.name for row in effective(Settings())}
    tables = "|".join(TOPICS)
    text = code(page.read_text(encoding="utf-8"))
    named = {found.group(1) for line in text if (found := re.match(rf"((?:{tables})\.[a-z_]+)(?= |$)", line))}
    named = {each for each in named if not each.endswith((".py", ".toml", ".db"))}
    assert named - names == set()
    variables = {v for line in text for v in re.findall(r"\bCHIPWATCH_[A-Z]+__[A-Z_]+", line)}
    known = {f"CHIPWATCH_{each}".upper().replace(".", "__") for each in names}
    assert {v.removesuffix("_FILE") for v in variables} - known == set()


def test_every_file_that_is_named_exists(page):
    text = spans(page.read_text(encoding="utf-8"))
    paths = {s for s in text if re.fullmatch(r"(?:bot|docs|tests|config|benchmarks)/[\w./-]+", s)}
    assert {p for p in paths if not (ROOT / p).exists()} == set()


def test_every_module_that_is_named_exists(page):
    if page.name == "CHANGELOG.md" or page.parent.name == "decisions":
        return  # they tell of modules that were
    text = spans(page.read_text(encoding="utf-8"))
    modules = {s for s in text if re.fullmatch(r"[\w/]+\.py", s)}
    known = [f"/{path.relative_to(ROOT)}" for top in TOPS for path in (ROOT / top).rglob("*.py")]
    assert {m for m in modules if not any(path.endswith(f"/{m}") for path in known)} == set()


def test_every_metric_that_is_named_is_served(page):
    from bot.web.health import Metrics

    served = {family.name for family in Metrics().registry.collect()}
    named = {m for line in spans(page.read_text(encoding="utf-8")) for m in re.findall(r"\bchipwatch_[a-z_]+", line)}
    assert {m.removesuffix("_total") for m in named} - served == set()
