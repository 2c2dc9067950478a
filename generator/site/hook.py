"""A hook for `mkdocs serve`, which builds a folder of its own that no later command reaches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.site.files import write_machine_files


def on_post_build(config: Mapping[str, Any]) -> None:
    """Add to each served build what programs read."""
    write_machine_files(Path(config["config_file_path"]).parent, Path(config["site_dir"]))
