"""The files for operation against the code: metrics, labels, states, paths and rights that they name exist."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings, effective
from bot.web.health import Metrics

ROOT = Path(__file__).resolve().parent.parent
DASHBOARD = ROOT / "deploy/grafana/chipwatch.json"
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
UNIT = ROOT / "deploy/systemd/chipwatch.service"
SELECTOR = re.compile(r"(chipwatch_[a-z_]+)(?:\{([^}]*)\})?")
GROUPING = re.compile(r"\bby \(([^)]*)\)")
GIVEN = {"instance", "job"}
"""Labels that Prometheus itself adds."""


def expressions() -> list[str]:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return shown + [rule["expr"] for rule in rules()]


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.fixture(scope="module")
def served() -> dict[str, set[str]]:
    """Every series of `/metrics` as a query names it, with its labels."""
    metrics = Metrics()
    found = {}
    for metric in vars(metrics).values():
        if metric is not metrics.registry:
            name = metric.describe()[0].name
            found[f"{name}_total" if metric.describe()[0].type == "counter" else name] = set(metric._labelnames)
    return found


def wrong(expression: str, served: dict[str, set[str]]) -> set[str]:
    """What a query names and no series has."""
    found, labels = set(), set(GIVEN)
    for name, inside in SELECTOR.findall(expression):
        if name not in served:
            found.add(name)
            continue
        labels |= served[name]
        found |= set(re.findall(r"(\w+)\s*=~?", inside)) - served[name] - GIVEN
    for names in GROUPING.findall(expression):
        found |= {name.strip() for name in names.split(",")} - labels
    return found


def test_every_series_and_label_that_dashboard_and_alerts_name_is_served(served):
    asked = expressions()
    assert len(asked) > 15
    assert {each: wrong(each, served) for each in asked if wrong(each, served)} == {}


def test_the_comparison_finds_what_is_wrong(served):
    assert wrong('sum by (colour) (chipwatch_sources{health="ok",mood="good"}) + chipwatch_poll_total', served) == {
        "colour", "mood", "chipwatch_poll_total",
    }  # fmt: skip


def test_every_series_that_is_served_is_shown_on_the_dashboard(served):
    assert {name for name in served if name not in DASHBOARD.read_text(encoding="utf-8")} == set()


def test_states_that_are_selected_are_those_that_are_set():
    code = "".join(
        (ROOT / file).read_text(encoding="utf-8")
        for file in ("bot/app/running.py", "bot/model.py", "bot/store/deliveries.py")
    )
    named = set()
    for each in expressions():
        for values in re.findall(r'\b(?:health|state)=~?"([^"]*)"', each):
            named |= set(values.split("|"))
    assert named
    assert {value for value in named if f'"{value}"' not in code} == set()


def test_every_alert_says_what_it_means_and_how_urgent_it_is():
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert {"summary", "description"} <= rule["annotations"].keys(), rule["alert"]


def test_every_alert_stands_in_the_operators_guide():
    guide = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert {rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in guide} == set()


def test_the_panels_do_not_lie_on_one_another():
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells


def service() -> list[tuple[str, str]]:
    """The lines of the unit's service, commented ones that could be switched on too."""
    text = re.sub(r"^#(?=[A-Z]\w+=)", "", UNIT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.split("[Service]")[1].split("[Install]")[0].splitlines()
    pairs = (line.partition("=") for line in lines if re.match(r"[A-Z]\w+=", line))
    return [(key, value) for key, _, value in pairs]


def test_the_unit_names_commands_and_settings_that_exist():
    from typer.main import get_command

    from bot.cli.commands import app

    known = getattr(get_command(app), "commands")  # noqa: B009
    for key, value in service():
        if key.startswith("ExecStart"):
            words = value.split()
            assert words[0].endswith("/.venv/bin/chipwatch")
            assert words[1] in known
    names = {f"CHIPWATCH_{row.name}".upper().replace(".", "__") for row in effective(Settings())}
    variables = {v.split("=")[0] for k, v in service() if k == "Environment" and v.startswith("CHIPWATCH_")}
    assert variables
    assert {v.removesuffix("_FILE") for v in variables} <= names


def test_postgresql_is_a_profile_and_the_bot_starts_without_it():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["postgres"]["profiles"] == ["postgres"]
    assert "ports" not in services["postgres"]
    assert services["chipwatch"]["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}
