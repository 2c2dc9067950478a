"""Values between Python and JSON, decoded leniently."""
