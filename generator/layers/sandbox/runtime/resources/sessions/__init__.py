"""Student sessions: their operations, and what happens to them meanwhile."""
