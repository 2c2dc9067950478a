"""Lines of shell that send a request of the run once more."""
