"""The code blocks of a hand-written page, by their titles."""

from __future__ import annotations

import re
from pathlib import Path

_BLOCK = re.compile(r'^``` ?\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def snippets(page: Path) -> dict[str, str]:
    """Title to text of every titled code block."""
    return dict(_BLOCK.findall(page.read_text(encoding="utf-8")))
