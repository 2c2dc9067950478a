"""Signatures, nonces and timestamps that others made."""
