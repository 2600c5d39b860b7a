"""From a committed revision to a message in a channel: the outbox, its worker, and what a platform must do."""
