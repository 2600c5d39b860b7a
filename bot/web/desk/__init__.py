"""The operators' desk: closed until a token is set; one module a page, and everything that changes is in the audit log."""
