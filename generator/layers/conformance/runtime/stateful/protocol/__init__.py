"""What HTTP promises and the description implies: methods, media types, and nothing that nobody described."""
