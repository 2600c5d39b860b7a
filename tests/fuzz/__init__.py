"""Mutated answers for every parser: one module a kind. `make fuzz` runs them 10,000 times each, `make test` fewer."""
