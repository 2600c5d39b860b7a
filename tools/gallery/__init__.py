"""The gallery: one card of each kind and each picture, rendered into docs/ by the same code that answers people."""
