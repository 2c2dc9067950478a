"""How JSON becomes objects: checked against their annotations, nothing of it lost, deviations recorded."""
