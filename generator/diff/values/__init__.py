"""What a value may be, before and after."""
