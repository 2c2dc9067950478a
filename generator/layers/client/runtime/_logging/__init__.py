"""Logs and messages without secrets and personal data."""
