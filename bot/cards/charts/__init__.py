"""Pictures: Vega-Lite specifications made from plain data. `painter` turns them into PNG; a browser shows them live."""
