"""The error that ends a run."""


class CannotRun(Exception):
    """The suite cannot give a verdict; the message is one sentence for the user."""
