"""Licence exceptions NAC and ACA: for whom, from which day, with what reason and what must be said beside it."""

from __future__ import annotations

import pytest

from bot.knowledge.library import Knowledge


@pytest.mark.parametrize(
    ("place", "asked", "day", "reason", "said"),
    [
        ("CN", {}, "2026-10-09", "reason.nac", "condition.reexport_exception"),
        ("SG", {"buyer_hq": "CN"}, "2026-10-09", "reason.nac_headquarters", "condition.reexport_exception"),
        ("SA", {}, "2024-04-03", "reason.nac_without_notice", "condition.exception_limits"),
        ("SA", {}, "2024-04-04", "reason.aca", "condition.exception_limits"),
        ("CN", {"shipped_from": "CN"}, "2024-04-03", "reason.nac_without_notice", "condition.exception_limits"),
        ("CN", {"shipped_from": "CN"}, "2024-04-04", "reason.aca", "condition.exception_limits"),
        ("MO", {"shipped_from": "MO"}, "2024-04-04", "reason.aca", "condition.exception_limits"),
        ("CN", {"shipped_from": "CN", "buyer_hq": "CN"}, "2024-06-01", "reason.aca", "condition.exception_limits"),
        # A transfer inside a third country to a Chinese firm is no transfer within Macau or D:5.
        (
            "SG",
            {"shipped_from": "SG", "buyer_hq": "CN"},
            "2024-06-01",
            "reason.nac_headquarters",
            "condition.exception_limits",
        ),
        (
            "SA",
            {"shipped_from": "SA", "buyer_hq": "CN"},
            "2024-06-01",
            "reason.nac_headquarters",
            "condition.exception_limits",
        ),
        ("SA", {"shipped_from": "SA"}, "2024-06-01", "reason.aca", "condition.exception_limits"),
        ("CN", {"shipped_from": "MY"}, "2026-10-09", "reason.nac", "condition.exception_limits"),
    ],
)
def test_the_exception_its_reason_and_its_act(
    knowledge: Knowledge, place: str, asked: dict[str, str], day: str, reason: str, said: str
) -> None:
    status = knowledge.status("RTX 4090", place, day, **asked)
    layer = status.us_export
    assert layer is not None
    assert layer.reason.key == reason
    cited = [citation.title.partition(":")[0] for citation in layer.citations]
    assert cited == ["89 FR 23876", "88 FR 73458", "15 CFR 740.8"][0 if reason == "reason.aca" else 1 :]
    assert said in tuple(each.key for each in status.conditions)
