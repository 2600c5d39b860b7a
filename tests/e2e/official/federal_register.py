"""The Federal Register's search for the Bureau of Industry and Security, as its six answers were read by hand."""

NO_ROWS = (0, 0, 0)

CHANGES = {
    "federal-register-bis": [
        # 20 September: three denial orders of 17 September are the baseline.
        ("2026-09-24T10:15:00+00:00", "new", "2026-19537", "Measures to Restrict Stockpiling of Polysilicon", NO_ROWS),
        # Published on the 23rd, first listed between the 24th and the 28th.
        ("2026-09-28T10:15:00+00:00", "new", "2026-19498", "Guidance and Procedures for Implementing", NO_ROWS),
        ("2026-10-01T10:18:51+00:00", "new", "2026-19927", "URAL Airlines JSC", NO_ROWS),
        ("2026-10-01T10:18:51+00:00", "new", "2026-20058", "Agency Information Collection Activities", NO_ROWS),
        ("2026-10-02T10:15:00+00:00", "corrected", "C1-2026-16628", "Streamlining Export Controls for", NO_ROWS),
    ],
}
NOTICES = {
    "federal-register-bis": [
        ("2026-09-30T20:00:00+00:00", "outage"),  # 504
        ("2026-10-01T10:18:51+00:00", "recovered"),
    ],
}
