"""Lists: their pages, and how they are filtered and sorted."""
