"""A browser's window as a platform: what is posted goes to whoever looks, and nowhere else."""

from bot.platforms.browser.window import Window

__all__ = ["Window"]
