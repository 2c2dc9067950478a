"""Requests and responses held to the description, each by itself."""
