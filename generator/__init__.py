"""From one OpenAPI description to the client, sandbox, conformance suite and docs of a signed API."""

__version__ = "0.1.1"

# The CPythons that all packages are for: those with wheels of all that is pinned. `make pythons` holds it.
PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
