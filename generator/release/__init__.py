"""A release: the versions that the changes since the last one ask for, and everything that is written for it."""
