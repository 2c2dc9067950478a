"""The one state of all versions: database, files, and the tables that no description has."""
