"""Requests and responses: building, signing, sending within limits, reading and masking."""
