"""Commands: a request becomes a card or a picture, one module a command. No platform in here, and no SQL."""
