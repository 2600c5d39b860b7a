"""The repository as a whole: what must be there, what must not, and the sizes of the house."""

import ast
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

REQUIRED = [
    ".ci/run", ".dockerignore", ".editorconfig", ".github/workflows/ci.yml", ".gitignore", ".pre-commit-config.yaml",
    "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile", "README.md", "SECURITY.md", "compose.yaml",
    "config/chipwatch.toml", "docs/README.md", "docs/settings.md", "pyproject.toml",
    "requirements-dev.lock", "requirements-sentry.lock", "requirements-uv.lock", "requirements.lock",
]  # fmt: skip
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-sentry.lock", "requirements-uv.lock"]
LONGEST_MODULE = 450
LONGEST_FUNCTION = 60
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
RECORDED = re.compile(r"(^|/)(bodies|data|recordings?|fixtures)/|\.lock$")
"""What strangers wrote, or tables of facts: words in it are not ours."""

# Put together here so that this file does not hold what it forbids.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "pypi." + "python", "deb." + "debian"]
PLACES = ["/" + "work/", "/" + "home/", "/" + "Users/", "/" + "root/", "C:\\" + "Users"]
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error", "time." + "sleep("]


def tracked() -> list[str]:
    """Every file in git; in an unpacked archive every file that is no product of a tool."""
    if (ROOT / ".git").exists():
        out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
        return [name for name in out.split("\0") if name and (ROOT / name).is_file()]
    folders = ("bot", "config", "docs", "tests", "benchmarks")
    found = [p.relative_to(ROOT).as_posix() for top in folders for p in (ROOT / top).rglob("*") if p.is_file()]
    return [name for name in found if "__pycache__" not in name] + [n for n in REQUIRED if "/" not in n]


def texts(*endings: str) -> list[tuple[str, str]]:
    """Name and text of the tracked files that are ours and readable."""
    found = []
    for name in tracked():
        if RECORDED.search(name) or (endings and not name.endswith(endings)):
            continue
        try:
            found.append((name, (ROOT / name).read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def holding(words: list[str], files: list[tuple[str, str]]) -> list[str]:
    return [
        f"{name}:{number}: {word}"
        for name, text in files
        for number, line in enumerate(text.splitlines(), 1)
        for word in words
        if word in line
    ]


def test_the_search_finds_what_it_looks_for():
    assert holding(["b"], [("x", "a\nb c")]) == ["x:2: b"]
    assert len(texts(".py")) > 50


@pytest.mark.parametrize("name", REQUIRED)
def test_required_files_are_there(name):
    assert (ROOT / name).is_file()


def test_no_file_names_a_place_on_somebodys_machine():
    assert holding(PLACES, texts()) == []


def test_no_file_names_a_package_registry():
    files = [*texts(), *((name, (ROOT / name).read_text(encoding="utf-8")) for name in LOCKS)]
    assert holding(REGISTRIES, files) == []


def test_nothing_is_left_for_later():
    assert holding(UNFINISHED, [(n, t) for n, t in texts(".py", ".toml") if n.startswith(("bot/", "config/"))]) == []


def test_every_ignored_type_says_which_error():
    pattern = re.compile(r"# type: ignore(?!\[)")
    found = [name for name, text in texts(".py") if pattern.search(text) and name != "tests/test_repository.py"]
    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_exact_versions_with_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) >= 1
    for entry in entries:
        first, *rest = entry.splitlines()
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[^\s;]+( ; [^\\]+)? \\", first), first
        assert rest
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest), first


def test_the_locks_hold_what_the_project_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev, reporting = (locked(name) for name in LOCKS[:3])
    (extra,) = project["project"]["optional-dependencies"].values()
    assert {bare(word) for word in extra} | run <= reporting, "run `make lock`"
    needed = {bare(word) for word in project["project"]["dependencies"]}
    assert needed <= run, "run `make lock`"
    assert {bare(word) for word in project["dependency-groups"]["dev"]} | run <= dev, "run `make lock`"


def bare(requirement: str) -> str:
    """The normal name of a package: `discord.py>=2.7` is `discord-py`."""
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def locked(name: str) -> set[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {bare(line) for line in text.splitlines() if re.match(r"\w", line)}


def test_both_locks_and_the_makefile_agree():
    lines = [(ROOT / name).read_text(encoding="utf-8").splitlines() for name in LOCKS[:2]]
    run, dev = ({line.split(" ")[0] for line in each if re.match(r"\w", line)} for each in lines)
    assert run <= dev, "a package has one version when the bot runs and another when it is tested"
    version = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert (ROOT / "requirements-uv.lock").read_text(encoding="utf-8").startswith(f"uv=={version.group(1)} ")


def test_modules_stay_short_and_have_a_noun_for_a_name():
    long = [
        f"{n}: {t.count(chr(10))}" for n, t in texts(".py") if n.startswith("bot/") and t.count("\n") > LONGEST_MODULE
    ]
    assert long == []
    assert [n for n, _ in texts(".py") if n.startswith("bot/") and Path(n).stem in VAGUE] == []


def test_functions_stay_short():
    long = [
        f"{name}:{node.lineno}: {node.name}, {node.end_lineno - node.lineno + 1} lines"
        for name, text in texts(".py")
        if name.startswith("bot/") and "/migrations/versions/" not in name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_continuous_integration_calls_the_tests_and_nothing_the_readme_does_not_name():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines[0] == "set -euo pipefail"
    made = [line for line in lines[1:] if not line.startswith("cd ")]
    assert "make test" in made
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [line for line in made if line not in readme] == []


def test_the_licence_is_mit():
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"] == "MIT"
