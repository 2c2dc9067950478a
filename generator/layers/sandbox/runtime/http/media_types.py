"""Bodies that are not read and responses that are not written: 415 and 406, where an operation describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..api import Api, Operation
from ..errors import not_acceptable, unsupported_media_type

_NOT_ACCEPTABLE, _UNSUPPORTED = 406, 415


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaTypes:
    """The media types that an operation reads and writes; empty if any other one is no error."""

    read: tuple[str, ...]
    written: tuple[str, ...]

    def check(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises 415 for a body of another media type, and 406 if the client accepts none that is written."""
        if self.read and body and _parse_name(headers.get("content-type", "")) not in self.read:
            raise unsupported_media_type(self.read)
        if self.written and not _is_accepted(headers.get("accept", ""), self.written):
            raise not_acceptable(self.written)


def find_media_types(api: Api, operation: Operation) -> MediaTypes:
    """What the description says: media types of a body are limited by a 415, those of a response by a 406."""
    described = {response.status for response in operation.responses}
    read = operation.body.media_types if operation.body is not None and _UNSUPPORTED in described else ()
    written = tuple(content.media_type for content in operation.success.contents)
    limited = (*written, api.accept) if written and api.accept else written
    return MediaTypes(read=read, written=limited if _NOT_ACCEPTABLE in described else ())


def _parse_name(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _is_accepted(header: str, written: tuple[str, ...]) -> bool:
    """Whether one of the media types is in one of the ranges of the header; without a header all are."""
    ranges = [one.partition(";") for one in header.split(",") if one.strip()]
    wanted = {name.strip().lower() for name, _, rest in ranges if not _is_excluded(rest)}
    kinds = {kind for name in written for kind in (name, f"{name.partition('/')[0]}/*", "*/*")}
    return not ranges or bool(wanted & kinds)


def _is_excluded(parameters: str) -> bool:
    weights = (one.strip().lower().partition("=") for one in parameters.split(";"))
    return any(name == "q" and value and not value.strip("0.") for name, _, value in weights)
