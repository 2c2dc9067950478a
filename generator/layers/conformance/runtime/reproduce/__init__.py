"""Shell lines that reproduce a finding."""
