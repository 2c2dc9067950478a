"""From a request to its operation, and back: routing, parsing, validation, signatures, responses."""
