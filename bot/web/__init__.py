"""What Chipwatch serves over HTTP: health and metrics."""
