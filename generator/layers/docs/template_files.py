"""The templates of this layer."""

from __future__ import annotations

from pathlib import Path

from generator.templates import Templates

TEMPLATES = Templates(Path(__file__).parent / "templates")
