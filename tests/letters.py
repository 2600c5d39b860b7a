"""An event of the ledger as a maintainer writes it, for tests: a letter that bars a chip from China."""

from __future__ import annotations


def letter(id_: str, chip: str, status: str, *more: str) -> str:
    """Its TOML; `more` are lines of the event besides."""
    besides = "".join(f"{line}\n" for line in more)
    return f"""[[event]]
id = "{id_}"
title = "A letter bars the {chip}"
announced = 2026-11-20
public_from = 2026-11-20
effective = 2026-11-20
kind = "licence_letter"
summary = "Made for a test."
actors = ["BIS"]
chips = ["{chip}"]
destinations = ["CN"]
direction = "restricts"
{besides}confidence = "confirmed"

[[event.citation]]
title = "Example"
url = "https://example.org/rule"
date = 2026-11-20

[[event.effect]]
layer = "us_export"
status = "{status}"
chips = ["{chip}"]
destinations = ["CN"]
begins = 2026-11-20
reason = "Made for a test."
"""


EVENT = letter(
    "2026-11-20-h20-rule",
    "H20",
    "licence_required_presumption_of_denial",
    'links = [{ relation = "corrects", event = "2025-08-08-h20-licences" }]',
)
