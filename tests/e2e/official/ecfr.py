"""15 CFR 744.23 (a test text in the recorded schema), as it stood on three days of 2026.

Read by hand: 10 Sep: one version of 2026-01-15 (the baseline). 16 Sep: a version of 2026-09-15 that is not substantive;
its text has a link to a pending amendment, and the note where it was published, but the same words. 25 Sep: a version
of 2026-09-24, substantive: in paragraph (q) 4800 became 5200 and "or Macau" came behind D:5, paragraph (r) is new, the
link is gone.
"""

SOURCE = "ecfr-744"
_TITLE = "§ 744.23 “Supercomputer” and advanced-node end use controls"

CHANGES = {
    SOURCE: [
        ("2026-09-16T12:00:00+00:00", "amended", "744.23", _TITLE, (0, 0, 0)),
        ("2026-09-25T12:00:00+00:00", "amended", "744.23", _TITLE, (1, 0, 1)),
    ],
}
NOTICES: dict[str, list[tuple[str, str]]] = {SOURCE: []}
SEVERITIES = ["low", "critical"]
"""Of the two changes, in their order."""

REDLINE = [
    {
        "where": "§ 744.23(q)",
        "kind": "changed",
        "gone": ["4800"],
        "come": ["5200", "or Macau"],
        "callouts": [["4800", "5200"]],
    },
    {"where": "§ 744.23(r)", "kind": "added", "gone": [], "come": ["(r) A paragraph that was added."], "callouts": []},
]
PENDING = "Link to an amendment published at 91 FR 99999, Sept. 15, 2026."
