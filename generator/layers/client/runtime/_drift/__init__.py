"""What deviated from the description in the responses that a client read."""
