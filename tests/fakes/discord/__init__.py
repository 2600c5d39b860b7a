"""A Discord of the project's own on 127.0.0.1: REST and gateway, as strict and as faulty as a test wants it to be."""

from tests.fakes.discord.server import FakeDiscord

__all__ = ["FakeDiscord"]
