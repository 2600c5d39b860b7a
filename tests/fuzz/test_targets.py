"""docs/fuzzing.md lists every target, and none that there is not."""

from __future__ import annotations

import re

from tests.conftest import ROOT
from tests.fuzz.guided import homes


def test_the_page_lists_every_target() -> None:
    text = (ROOT / "docs" / "fuzzing.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([\w ]+?) \| `tests/fuzz/test_(\w+)\.py` \|", text, re.MULTILINE)
    assert dict(listed) == homes()
    assert len(listed) == len(homes())
