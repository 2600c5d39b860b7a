"""What is known: chips, rules, the ledger, and the answer to "may this chip go there?". Pure: no I/O after load."""
