"""The command line: every operation as a command, and commands about signatures and settings."""
