"""The schema layer: generated requests, signed rightly, and answers held against their schemas."""
