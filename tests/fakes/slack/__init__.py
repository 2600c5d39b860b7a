"""A Slack of our own on 127.0.0.1: Web API, Socket Mode, interactivity, OAuth and response addresses."""

from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel, Request, User, World

__all__ = ["Channel", "FakeSlack", "Request", "User", "World"]
