"""The signature layer: every operation under every attack that follows from the signing scheme."""
