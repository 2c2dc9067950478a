"""The third phase: Schemathesis generates requests, each is signed, and responses are validated."""
