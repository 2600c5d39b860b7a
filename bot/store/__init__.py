"""The only SQL: the schema, and one module per noun whose functions take a connection inside a unit of work."""
