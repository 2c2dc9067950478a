"""What the layers do with the published schemes: clients, sandboxes, the conformance suite."""
