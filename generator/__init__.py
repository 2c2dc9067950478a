"""From one OpenAPI description to the client, sandbox, conformance suite and docs of a signed API."""

__version__ = "0.1.0"
