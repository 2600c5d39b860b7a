"""The inspection desk, filtered to the Bureau of Industry and Security, as its seven answers were read by hand."""

NO_ROWS = (0, 0, 0)

CHANGES = {
    "public-inspection": [
        # 21 September: three documents of other agencies; the baseline of this source is empty.
        ("2026-09-22T12:46:00+00:00", "new", "2026-19537", "Measures to Restrict Stockpiling of Polysilicon", NO_ROWS),
        # 23 September 01:00 Eastern: the desk is closed. 08:50: a copy two hours old, with what was known.
        # 24 September: 2026-19537 is gone, for it was published on that day.
        ("2026-10-01T13:00:00+00:00", "new", "2026-20295", "Meetings; Sunshine Act", NO_ROWS),
        # Still listed, with an editorial note, without dates of filing and publication.
        ("2026-10-02T18:00:28+00:00", "withdrawn", "2026-20295", "Meetings; Sunshine Act", NO_ROWS),
    ],
}
NOTICES: dict[str, list[tuple[str, str]]] = {"public-inspection": []}
