"""Nvidia's filings, as the five answers of data.sec.gov were read by hand; asked for are 8-K, 10-Q and 10-K."""

NO_ROWS = (0, 0, 0)

CHANGES = {
    "edgar-nvidia": [
        # 20 February: a thousand filings, the newest an 8-K of 23 January, are the baseline. 25 February: refused.
        # 27 February: the quarter's results and the annual report, both filed on the 25th.
        (
            "2026-02-27T12:00:00+00:00",
            "new",
            "0001045810-26-000019",
            "NVIDIA CORP, 8-K: Results of Operations",
            NO_ROWS,
        ),
        ("2026-02-27T12:00:00+00:00", "new", "0001045810-26-000021", "NVIDIA CORP, 10-K: annual report", NO_ROWS),
        # 5 March: five filings of form 4, trades of officers in shares, were not asked for.
        # 6 March: an 8-K on the pay of officers; its own text, recorded beside it, speaks of nothing else.
        (
            "2026-03-06T22:00:00+00:00",
            "new",
            "0001045810-26-000024",
            "NVIDIA CORP, 8-K: Departure or Election",
            NO_ROWS,
        ),
    ],
}
NOTICES = {
    "edgar-nvidia": [
        ("2026-02-25T12:00:00+00:00", "outage"),  # 403
        ("2026-02-27T12:00:00+00:00", "recovered"),
    ],
}
