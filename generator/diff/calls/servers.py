"""Where operations are reached: the servers of the description, of a path or of an operation, and the path itself.

What counts is the whole address, so a part that moves from the servers into the paths changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from generator.diff.change import Finding
from generator.diff.notes import description_changes
from generator.diff.texts import json_text, was
from generator.diff.where import Found, Where
from generator.ir import Api, Operation

PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_PORTS = {"http": ":80", "https": ":443"}
Pairs = tuple[tuple[Operation, Operation], ...]


def template(path: str) -> str:
    """A path without the names of its placeholders."""
    return PLACEHOLDER.sub("{}", path)


def first_address(api: Api, operation: Operation) -> str:
    """The path on the first server, with the part that the server's address has."""
    first = next(iter(_bases(api, operation)))
    return urlsplit(first).path + operation.path


def server_changes(old: Api, new: Api, pairs: Pairs) -> Iterator[Finding]:
    """Servers of the description that came or went, where an operation is reached otherwise for it."""
    nobody = not (old.operations and new.operations)
    shared = tuple((one, other) for one, other in pairs if not (one.servers or other.servers))
    before, after = ({_address(server.url): server for server in api.servers} for api in (old, new))
    lost = {base for one, other in shared for base in _find_missing_bases(old, one, new, other)}
    gained = {base for one, other in shared for base in _find_missing_bases(new, other, old, one)}
    for kind, some, others, moved in (("removed", before, after, lost), ("added", after, before, gained)):
        for address, server in some.items():
            if address in moved and address in others:
                sentence = f"operations are {'no longer' if kind == 'removed' else 'also'} reached below it"
                yield Finding(rule=f"server-{kind}", path=server.url, sentence=sentence)
            elif address in moved or (nobody and address not in others):
                yield Finding(rule=f"server-{kind}", path=server.url, sentence=f"the server is {kind}")
    if old.base_path != new.base_path and (nobody or any(_path_differs(old, new, *pair) for pair in shared)):
        sentence = f"it is {was(old.base_path, new.base_path)}"
        yield Finding(rule="base-path-changed", path="base path", sentence=sentence)
    for address, server in after.items():
        yield from description_changes(
            Where("server", server.url), before.get(address, server).description, server.description
        )
    if list(before) != list(after) and before.keys() == after.keys():
        yield Finding(
            rule="server-order-changed", path="", sentence=f"the first server is {json_text(next(iter(after)))}"
        )


def own_server_changes(old_api: Api, new_api: Api, old: Operation, new: Operation) -> Found:
    """The same of an operation that has servers of its own."""
    if not (old.servers or new.servers):
        return
    here = Where("operation")
    for address in sorted(_find_missing_bases(old_api, old, new_api, new)):
        yield here.build_finding("operation-server-removed", f"it is no longer reached at {address}")
    for address in sorted(_find_missing_bases(new_api, new, old_api, old)):
        yield here.build_finding("operation-server-added", f"it is also reached at {address}")


def _bases(api: Api, operation: Operation) -> tuple[str, ...]:
    return tuple(map(_address, operation.servers or tuple(server.url for server in api.servers) or ("",)))


def _address(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme.lower(), ":"))
    return parts._replace(scheme=parts.scheme.lower(), netloc=host, path=parts.path.rstrip("/")).geturl()


def _find_missing_bases(api: Api, operation: Operation, other_api: Api, other: Operation) -> set[str]:
    """The bases of an operation at which its other state is not reached."""
    known = set(_addresses(other_api, other))
    return {base for base in _bases(api, operation) if base + template(operation.path) not in known}


def _addresses(api: Api, operation: Operation) -> Iterable[str]:
    return (base + template(operation.path) for base in _bases(api, operation))


def _path_differs(old: Api, new: Api, one: Operation, other: Operation) -> bool:
    return template(old.base_path + one.path) != template(new.base_path + other.path)
