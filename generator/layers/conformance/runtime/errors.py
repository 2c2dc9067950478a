"""The error that ends a run."""


class CannotRun(Exception):
    """The suite cannot give a verdict; the message is one sentence for the user."""


class CannotSign(CannotRun):
    """The scheme cannot sign this request, such as one whose body holds no fields."""
