"""Measurements: `make bench` prints them as ratios of things that ran in turn in one run."""
