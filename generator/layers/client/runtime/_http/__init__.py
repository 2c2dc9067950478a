"""Sending requests with httpx2, and awaiting them."""
