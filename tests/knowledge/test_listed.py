"""What an entry of a screening list means for AI chips."""

from __future__ import annotations

import pytest

from bot.knowledge.listed import concerns_chips, footnotes_of
from bot.model import Party


@pytest.mark.parametrize(
    ("requirement", "footnotes"),
    [
        ("For all items subject to the EAR. (See §744.11 of the EAR).", ()),
        ("For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2", ("1", "2")),
        ("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)4", ("4",)),
        ("(See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)", ("3",)),
        ("See § 734.9(e)(2) of the EAR", ("4",)),
        ("footnote 5 of this supplement", ("5",)),
        ("For items in § 744.21 of the EAR", ()),
    ],
)
def test_footnotes_are_read_from_what_is_glued_to_the_citation(requirement: str, footnotes: tuple[str, ...]) -> None:
    assert footnotes_of(requirement) == footnotes


@pytest.mark.parametrize(
    ("party", "reason"),
    [
        (Party("EL", "Firm", footnotes=("4",)), "footnote:4"),
        (Party("EL", "Firm", footnotes=("3",)), None),
        (Party("EL", "Firm", requirement="See § 744.23 of the EAR"), "text:744.23"),
        (Party("EL", "Firm", aliases=("Inspur Group",)), "company:Inspur"),
        (Party("EL", "Firm", footnotes=("3", "5", "1")), "footnote:1"),
        (Party("EL", "Firm", requirement="See § 744.23 of the EAR", footnotes=("5",)), "footnote:5"),
        (Party("EL", "Firm", policy="Presumption of denial for advanced-node items"), "text:advanced-node"),
        (Party("EL", "Firm", requirement="All items", policy="None for 3A090"), "text:3A090"),
        (Party("EL", "Huawei Technologies Co., Ltd."), "company:Huawei"),
        (Party("EL", "Firm", aliases=(*("Somebody",) * 7, "Inspur Group")), "company:Inspur"),
        (Party("EL", "Firm", aliases=(*("Somebody",) * 8, "Inspur Group")), None),  # no more than eight are read
        (Party("EL", "H20 Trading"), None),  # a chip's name is no company's
        (Party("EL", "Potato Salad Trading"), None),
    ],
)
def test_which_entries_concern_chips(party: Party, reason: str | None) -> None:
    assert concerns_chips(party) == reason
