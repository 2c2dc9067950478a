"""What programs on our Python client name, before and after."""
