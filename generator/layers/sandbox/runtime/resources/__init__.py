"""What each resource does: its operations over its table."""
