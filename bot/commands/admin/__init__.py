"""Commands for operators: sources, ledger, stories, health."""
