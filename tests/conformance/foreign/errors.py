"""What an honest server says to a request that it does not carry out."""

from __future__ import annotations


class Refused(Exception):
    """A request is refused with this status, for this reason."""

    def __init__(self, status: int, reason: str, **headers: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def read_media_type(text: str) -> str:
    """A content type without its parameters, in small letters."""
    return text.partition(";")[0].strip().lower()


def accepts(header: str, media_type: str) -> bool:
    """Whether an Accept header takes the media type."""
    ranges = [one.partition(";") for one in header.split(",")] if header.strip() else []
    wanted = {name.strip().lower(): "q=0" not in rest.replace(" ", "").split(";") for name, _, rest in ranges}
    kinds = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return not wanted or next((wanted[kind] for kind in kinds if kind in wanted), False)
