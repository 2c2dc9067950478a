"""Recordings: what one holds of a request, HAR files, bodies, the order of time."""
