"""The ledger of a running bot: kept current, entered into, and what its events change in answers and alerts."""
