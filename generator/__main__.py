"""The entry of `procwise-toolkit`, also as `python -m generator`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the program; Ctrl-C is quiet from the first moment, while the libraries are still loaded.

    Descriptions are large trees that live until the end: looking for garbage in them takes a fifth of the time.
    """
    gc.disable()
    try:
        from generator.cli import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
