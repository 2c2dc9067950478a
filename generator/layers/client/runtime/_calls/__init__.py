"""One call without input and output: its request, its signature, its response or error."""
