"""What a sandbox may be asked for. Light to import: the package and the pytest plugin load it first."""
