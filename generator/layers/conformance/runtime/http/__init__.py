"""Requests: how they are written, signed, sent and paced, and what their responses hold."""
