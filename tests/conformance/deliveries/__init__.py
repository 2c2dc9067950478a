"""The suite against receivers of deliveries."""
