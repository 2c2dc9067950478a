"""What the clients of all versions have in common."""
