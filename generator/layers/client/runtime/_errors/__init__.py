"""The exceptions, and the base class of error codes."""
