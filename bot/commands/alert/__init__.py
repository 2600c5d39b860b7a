"""What the buttons, lists and forms of messages run."""
