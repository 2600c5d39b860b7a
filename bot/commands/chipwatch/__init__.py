"""Commands for managers: what a channel gets, and how the bot behaves in a server."""
