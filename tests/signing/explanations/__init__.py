"""Mistakes in whole requests that are signed by hand, and what is said about them."""
