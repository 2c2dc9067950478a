"""What is called and what comes back, before and after."""
