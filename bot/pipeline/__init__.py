"""The way of a document: poll, diff, assess, stories, alerts, match, outbox. Read `intake.py` from top to bottom."""
