"""The first phase: every operation under every attack that follows from the signing scheme."""
