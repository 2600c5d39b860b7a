"""The container's files against the tree: no Docker engine is needed to see that they fit."""

import fnmatch
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pytest
import yaml

from bot.settings import Settings, load

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


class Step(NamedTuple):
    word: str
    rest: str
    stage: int


def steps() -> list[Step]:
    """The instructions of the Dockerfile, comments and line breaks taken out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found, stage = [], -1
    for line in filter(None, (line.strip() for line in text.splitlines())):
        word, rest = line.split(maxsplit=1)
        stage += word == "FROM"
        found.append(Step(word, rest.strip(), stage))
    return found


def last(word: str) -> str:
    """What the instruction says in the final stage, where it stands last."""
    final = max(step.stage for step in steps())
    return [step.rest for step in steps() if step.word == word and step.stage == final][-1]


def copied() -> list[str]:
    """The paths that the build takes from the tree."""
    rows = [step.rest.split() for step in steps() if step.word in ("COPY", "ADD") and "--from=" not in step.rest]
    return [source for row in rows for source in row[:-1]]


def environment() -> dict[str, str]:
    return dict(re.findall(r'(\w+)="([^"]*)"', last("ENV")))


def git(*words: str) -> str:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("source", copied())
def test_every_copied_path_is_there_and_tracked(source):
    assert (ROOT / source).exists()
    assert git("ls-files", "--", source), f"{source} is not in git: a fresh clone would not build"


@pytest.mark.parametrize("source", copied())
def test_no_copied_path_is_kept_from_the_build(source):
    kept = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and fnmatch.fnmatch(source, line.removeprefix("!")):
            kept = line.startswith("!")
    assert kept


def test_what_git_ignores_never_reaches_the_build():
    allowed = [n[1:] for n in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if n.startswith("!")]
    assert sorted(allowed) == sorted(copied())
    assert ".env" not in allowed


def test_the_wheel_is_built_from_what_was_copied():
    """hatchling needs the readme, the licence and every path that pyproject.toml puts into the wheel."""
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {PROJECT["project"]["readme"], *PROJECT["project"]["license-files"], *wheel["packages"]}
    needed |= set(wheel.get("force-include", {}))
    assert needed <= set(copied())


def test_dependencies_are_installed_by_hash():
    installs = [
        s.rest for s in steps() if s.word == "RUN" and re.search(r"(pip|uv) (pip )?(install|sync|build)", s.rest)
    ]
    assert installs
    for command in " && ".join(installs).split("&&"):
        if re.search(r"\b(install|sync|build)\b", command) and ("pip" in command or "uv" in command):
            assert "--require-hashes" in command or "--no-deps" in command, command


def test_the_command_is_the_console_script():
    words = json.loads(last("ENTRYPOINT")) + json.loads(last("CMD"))
    assert words[0] in PROJECT["project"]["scripts"]
    shown = subprocess.run(
        [sys.executable, "-m", "bot", *words[1:], "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert f"chipwatch {' '.join(words[1:])}" in shown.stdout.replace("python -m bot", "chipwatch")


def test_the_base_image_has_a_python_that_the_project_supports():
    images = [step.rest.split()[0] for step in steps() if step.word == "FROM"]
    assert len(set(images)) == 1, "a virtual environment moves only between equal Pythons"
    version = re.fullmatch(r"python:(\d+)\.(\d+)-slim", images[0])
    floor = re.fullmatch(r">=(\d+)\.(\d+)", PROJECT["project"]["requires-python"])
    assert version
    assert floor
    assert tuple(map(int, version.groups())) >= tuple(map(int, floor.groups()))


def test_the_environment_holds_right_settings_and_only_the_volume_is_written():
    set_here = {name: value for name, value in environment().items() if name.startswith("CHIPWATCH_")}
    settings = load(None, set_here)
    volume = PurePosixPath(json.loads(last("VOLUME"))[0])
    assert PurePosixPath(settings.store.url.removeprefix("sqlite:///")).is_relative_to(volume)
    assert PurePosixPath(last("WORKDIR")) == volume
    assert settings.log.format == "json"


def test_the_health_check_asks_where_the_bot_answers():
    check = last("HEALTHCHECK")
    code = json.loads(check[check.index("[") :])[-1]
    web = Settings().web
    assert f"'{web.host}'" in code
    assert f"'{web.port}'" in code
    assert last("EXPOSE") == str(web.port)


@pytest.mark.parametrize(("status", "exit_status"), [(200, 0), (503, 1)])
def test_the_health_check_works(status, exit_status):
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *words):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        check = last("HEALTHCHECK")
        command = json.loads(check[check.index("[") :])
        environ = os.environ | {"CHIPWATCH_WEB__PORT": str(server.server_port)}
        done = subprocess.run([sys.executable, *command[1:]], env=environ, check=False, timeout=20)
        thread.join()
    assert done.returncode == exit_status


def test_hadolint_has_nothing_to_say():
    beside = Path(sys.executable).with_name("hadolint")
    program = str(beside) if beside.exists() else shutil.which("hadolint")
    if program is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run([program, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_takes_rights_away_and_sets_right_settings():
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["chipwatch"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert [v.split(":")[1] for v in service["volumes"]] == json.loads(last("VOLUME"))
    settings = load(None, service["environment"])
    assert service["ports"] == [f"127.0.0.1:{settings.web.port}:{settings.web.port}"]
    assert settings.web.host == "0.0.0.0"
