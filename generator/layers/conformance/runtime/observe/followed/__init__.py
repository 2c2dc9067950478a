"""Objects followed through a recording, and whose they are."""
