"""Where commands write: a link is written through, and what is no file stays what it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.cli.conftest import Run

PROFILE = b"https://a.example\ntoken-0123\nkey-0123\n"


def test_a_profile_is_written_through_a_link(command: Callable[..., Run], config: Path) -> None:
    config.parent.mkdir()
    config.symlink_to("dotfiles.ini")
    assert command("configure", stdin=PROFILE).code == 0
    assert config.is_symlink()
    assert "token-0123" in (config.parent / "dotfiles.ini").read_text()


def test_a_profile_does_not_replace_a_pipe(command: Callable[..., Run], config: Path) -> None:
    config.parent.mkdir()
    os.mkfifo(config, mode=0o600)
    ended = command("configure", stdin=PROFILE)
    assert (ended.code, "is no regular file" in ended.err) == (2, True)
    assert config.is_fifo()


@pytest.mark.parametrize("name", ["generate-documents-zip", "download-documents-zip"])
def test_a_result_does_not_replace_a_pipe(command: Callable[..., Run], tmp_path: Path, name: str) -> None:
    """Nothing is sent: the server would not be reached."""
    target = tmp_path / "a.zip"
    os.mkfifo(target)
    ended = command("exams", name, "1", "--to", str(target), PROCWISE_BASE_URL="http://127.0.0.1:9")
    assert (ended.code, ended.err) == (
        2,
        f"procwise: {target}: is no regular file, but a device, a pipe or a socket (name a file)\n",
    )
    assert target.is_fifo()
