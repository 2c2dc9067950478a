"""Which requests are for this API: by an address that is given, by the description's servers, or by the paths alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ..api import Api, Operation
from ..http.caller import base_url
from .recordings.recorded import Recorded

_MOST_ORIGINS = 1000
_VARIABLE = re.compile(r"\\{[^{}]*\\}")
_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The beginnings of the addresses of this API, without a slash at the end; `how` says in words how they are known.

    `is_certain` is false if only the paths say that a request is for this API.
    """

    bases: tuple[str, ...]
    how: str = ""
    is_certain: bool = True

    def find_base(self, url: str) -> str | None:
        """The beginning that an address has; None if the address is of somebody else."""
        plain = plain_address(url)
        return next((base for base in self.bases if _is_below(plain, base)), None)


def use_base(api: Api, url: str) -> Addresses:
    """The one address that is given; raises CannotRun if it is none."""
    base = plain_address(base_url(url, api))
    return Addresses(bases=(base,), how=f"requests to {base} were looked at")


def find_addresses(api: Api, urls: Iterable[str]) -> Addresses:
    """The addresses in a recording that the description's servers have; if none has, those whose paths are described.

    If the paths of the API begin at the root of a host, only the host with most of them counts.
    """
    patterns = [_compile_server(server.template or server.url) for server in api.servers]
    described: dict[str, None] = {}
    fitting: Counter[str] = Counter()
    for url in urls:
        plain = plain_address(url)
        found = next((match[0] for pattern in patterns if (match := pattern.match(plain))), None)
        if found is not None and len(described) < _MOST_ORIGINS:
            described.setdefault(found.rstrip("/"))
        elif (base := _find_base_of_path(api, plain)) is not None and (base in fitting or len(fitting) < _MOST_ORIGINS):
            fitting[base] += 1
    if described:
        return Addresses(bases=(*described,), how="the servers of the description are taken for the API")
    if not fitting:
        return Addresses(bases=())
    has_base = bool(api.base_path.strip("/"))
    bases = tuple(fitting) if has_base else (fitting.most_common(1)[0][0],)
    how = f"the recording has no server of the description: {_list(bases)} is taken for the API, as its paths fit"
    return Addresses(bases=bases, how=f"{how}; --base-url names another", is_certain=has_base)


def find_operation(api: Api, recorded: Recorded, base: str) -> Operation | None:
    """The operation of a request whose address begins so."""
    return api.at(recorded.method, split_path(recorded.url, base))


def find_methods(api: Api, recorded: Recorded, base: str) -> Sequence[str]:
    """The methods that the description has on the path of a request."""
    segments = split_path(recorded.url, base)
    return sorted({o.method for o in api.operations if api.at(o.method, segments) is not None})


def split_path(url: str, base: str) -> list[str]:
    """The segments of a path behind the beginning of the address, decoded."""
    path = urlsplit(plain_address(url)[len(base) :]).path
    return [unquote(segment) for segment in path.split("/") if segment]


def plain_address(url: str) -> str:
    """The address with its scheme and host in lower case, without a user or the usual port."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(_PORTS.get(parts.scheme, "\0"))
    return parts._replace(netloc=host).geturl().rstrip("/")


def _is_below(plain: str, base: str) -> bool:
    return plain.startswith(base) and (len(plain) == len(base) or plain[len(base)] in "/?#")


def _compile_server(template: str) -> re.Pattern[str]:
    """A pattern of the addresses of a server; what is in braces is any text without a slash."""
    plain = re.sub("^https?", "https?", _VARIABLE.sub("[^/?#]+", re.escape(plain_address(template))))
    return re.compile(f"{plain}(?=[/?#]|$)", re.IGNORECASE)


def _find_base_of_path(api: Api, plain: str) -> str | None:
    """The address up to the base path, if an operation has the path behind it."""
    parts = urlsplit(plain)
    base_path = api.base_path.rstrip("/")
    before, found, _ = f"{parts.path}/".partition(f"{base_path}/")
    base = f"{parts.scheme}://{parts.netloc}{before}{base_path}".rstrip("/")
    if not found or parts.scheme not in _PORTS:
        return None
    segments = split_path(plain, base)
    return base if segments and any(api.at(method, segments) for method in _list_methods(api)) else None


def _list_methods(api: Api) -> Sequence[str]:
    return list(dict.fromkeys(operation.method for operation in api.operations))


def _list(bases: Sequence[str]) -> str:
    most = 3
    return ", ".join(bases[:most]) + (f" and {len(bases) - most} more" if len(bases) > most else "")
