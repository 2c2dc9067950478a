"""`python -m generator` is `procwise-toolkit`."""

from generator.cli import main

main()
