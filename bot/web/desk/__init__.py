"""The operators' desk: closed until a token is set; one module a room; all that changes is in the audit log."""
