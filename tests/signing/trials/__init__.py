"""Clauses of the language for signatures that have a test of their own."""
