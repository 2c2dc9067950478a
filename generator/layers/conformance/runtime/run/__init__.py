"""A run: its options, the checks before it, its work in one process or several, and what is left to remove."""
