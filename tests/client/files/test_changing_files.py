"""Files whose size changes while they are sent."""

from __future__ import annotations

import io
from typing import Any

import pytest

import procwise
from tests.client.files.test_uploads import PICTURE, create

__all__ = ["create"]


class Moving(io.BytesIO):
    """A file that somebody changes after its size was taken: `change` is how many bytes come in addition."""

    def __init__(self, content: bytes, change: int) -> None:
        super().__init__(content)
        self.change = change

    def read(self, size: int | None = -1, /) -> bytes:
        if self.change:
            self.truncate(len(self.getvalue()) + min(0, self.change))
            place = self.seek(0, io.SEEK_CUR)
            self.seek(0, io.SEEK_END)
            self.write(b"x" * self.change)
            self.seek(place)
            self.change = 0
        return super().read(size)


@pytest.mark.parametrize("change", [-1, -100_000, 1, 100_000])
def test_a_file_that_changes_while_it_is_sent_is_no_file(create: Any, origin: str, change: int) -> None:
    """It is sent once, and the server gets no whole request."""
    file = Moving(PICTURE, change)
    with pytest.raises(procwise.InvalidArgument, match=r"moving\.png: the file changed .* has 179219 bytes") as caught:
        create(origin, procwise.Upload(file, name="moving.png"))
    assert not caught.value.may_have_taken_effect
    assert create(origin, procwise.Upload(file, name="a.png"))["parts"]
