"""Every Python that is promised: wheels of everything, and a client that it imports and that signs as it should."""
