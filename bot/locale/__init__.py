"""What Chipwatch says to people, in their languages: message catalogues, dates, numbers, lists."""
