"""What was told, for whoever asks: stories, reasons, corrections, the evidence as a file. Reads only."""
