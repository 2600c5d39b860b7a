"""`python -m bot.platforms.slack.key` prints a new key for `slack.encryption_key`."""

from __future__ import annotations

import sys


def main() -> None:
    """Print a key."""
    from cryptography.fernet import Fernet

    sys.stdout.write(Fernet.generate_key().decode() + "\n")


if __name__ == "__main__":
    main()
