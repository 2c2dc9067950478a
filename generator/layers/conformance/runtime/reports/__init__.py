"""A report as files for people, for CI and for programs."""
