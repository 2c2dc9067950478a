"""Lists: how they are paged, filtered and ordered."""
