"""How the interpreter treats a process that answers pages while it polls.

Measured by `python -m benchmarks.web`: a full collection walks the ledger, the chips and the word lists, which never
become garbage, and holds everything for a tenth of a second; and a thread that computes keeps the others out for five
milliseconds at each of their turns.
"""

from __future__ import annotations

import gc
import sys

SWITCH_S = 0.0005
"""How long a thread that computes may go on while another one waits for its turn."""


def settle() -> None:
    """Take what was loaded up to now out of all later collections, once a process, and let threads take turns sooner.

    Called when everything stands and nothing is under way yet.
    """
    sys.setswitchinterval(SWITCH_S)
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
    gc.enable()
