"""What headers must say of host and body, so that all who read along understand the same (RFC 9112)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import ApiError, bad_host, transfer_encoding_unknown

_NAME = rb"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"  # addresses are names too
_HOST = re.compile(rb"(?:" + _NAME + rb"|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


def check_framing(version: str, headers: Iterable[tuple[bytes, bytes]]) -> ApiError | None:
    """The error of a request with these headers, whose names are in lower case; None if there is none."""
    hosts, encodings = [], []
    for name, value in headers:
        if name == b"host":
            hosts.append(value)
        elif name == b"transfer-encoding":
            encodings.append(value.strip().lower())
    if encodings and encodings != [b"chunked"]:
        return transfer_encoding_unknown()
    has_host = len(hosts) == 1 and _HOST.fullmatch(hosts[0])
    return None if has_host or (not hosts and version == "1.0") else bad_host()
