"""The options of a sandbox. Light to import: the package and the pytest plugin load them first."""
