"""The names that an answer can have. Machines read them everywhere; people read the five words of `surface`."""

from __future__ import annotations

from enum import StrEnum


class StatusName(StrEnum):
    """What the law and the cited acts say on a day: names of the exporter's layer first, then the destination's."""

    NO_LICENCE = "no_licence_required"
    LETTER_UNPUBLISHED = "licence_required_by_letter_policy_unpublished"
    LETTER_EXPECTED = "licence_required_by_letter_approval_expected"
    LETTER_ISSUED = "licence_required_by_letter_some_licences_issued"
    DENIAL = "licence_required_presumption_of_denial"
    CASE_BY_CASE = "licence_required_case_by_case"
    APPROVAL = "licence_required_presumption_of_approval"
    POLICY_OF_DENIAL = "licence_required_policy_of_denial"
    NAC = "licence_required_exception_NAC_possible"
    ACA = "licence_required_exception_ACA_possible"
    LISTED_USERS = "licence_free_for_listed_end_users_else_licence"
    EMBARGOED = "embargoed"
    UNDETERMINED = "undetermined"

    BARS_IMPORT = "destination_bars_import"
    DISCOURAGES = "destination_discourages"
    CONDITIONAL = "destination_conditional_approval"
    ONWARD_PERMIT = "onward_permit_required"
    HALT_UNCONFIRMED = "reported_import_halt_unconfirmed"


_SURFACE = {
    StatusName.EMBARGOED: "barred",
    StatusName.POLICY_OF_DENIAL: "barred",
    StatusName.BARS_IMPORT: "barred",
    StatusName.DENIAL: "licence_denial_expected",
    StatusName.NO_LICENCE: "none_for_chip_and_country",
    StatusName.UNDETERMINED: "unclear",
    StatusName.HALT_UNCONFIRMED: "unclear",
}


def surface(name: StatusName) -> str:
    """Which of the five words people see: `barred`, `licence_denial_expected`, `licence_open`,
    `none_for_chip_and_country` or `unclear` (keys of the catalogue, not text)."""
    return _SURFACE.get(name, "licence_open")
