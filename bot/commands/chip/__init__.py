"""Commands for everyone: questions about chips, stories and sources."""
