"""What a careful reader lists from the recorded answers of the official services, written by hand before any run."""
