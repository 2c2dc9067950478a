"""What a fresh state is filled with."""
