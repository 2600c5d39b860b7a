"""One module a kind of source: whoever adds one here has added it everywhere."""
