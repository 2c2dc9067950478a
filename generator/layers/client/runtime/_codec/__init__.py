"""Values to and from JSON."""
