"""The objects that a run creates: created, journalled, found after a lost response, and removed."""
