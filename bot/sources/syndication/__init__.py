"""Reading feeds: strict XML first, JSON Feed, mended XML, and feedparser in a process of its own as the last resort."""
