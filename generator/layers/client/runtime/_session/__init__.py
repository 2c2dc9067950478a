"""What all calls of a client share: the service, the credentials, the clock of the server."""
