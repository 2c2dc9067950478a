"""Attacks on a receiver of deliveries: an address that the API sends to by itself."""
