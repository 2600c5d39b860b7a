"""One module per kind of publisher: each says what to ask and turns an answer into documents."""
