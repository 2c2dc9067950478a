"""`python -m generator.site SITE`: add to a built site what programs read."""

from __future__ import annotations

import sys
from pathlib import Path

from generator.site.files import write_machine_files

if __name__ == "__main__":
    written = write_machine_files(Path(), Path(sys.argv[1]))
    print(f"{written} files for programs in {sys.argv[1]}")
