"""The only HTTP client for sources: what to ask, what came back, and nothing of what it means."""
