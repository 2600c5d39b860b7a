"""What a careful reader of the recorded official services lists: one module a kind, written by hand from the bodies.

Each module has `CHANGES`, by source id the changes in their order as (at, change, key, title begins with, rows), and
`NOTICES`, by source id the notices to operators as (at, notice). Rows are (added, removed, changed).
"""
