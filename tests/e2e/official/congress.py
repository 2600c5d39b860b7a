"""The bills of the 119th Congress, as the two answers of api.congress.gov were read by hand."""

NO_ROWS = (0, 0, 0)

CHANGES = {
    "congress": [
        # 29 September: two bills are the baseline. 1 October: a third; the two others say what they said.
        ("2026-10-01T12:00:00+00:00", "new", "119-hr-10492", "Wildland Firefighter Health and Safety Act", NO_ROWS),
    ],
}
NOTICES: dict[str, list[tuple[str, str]]] = {"congress": []}
