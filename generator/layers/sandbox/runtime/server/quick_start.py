"""A few lines to start with, for the credentials at hand: the same first call by command and from Python."""

from __future__ import annotations

import re
import shlex

from procwise.signing import Scheme

from ..api import Api, Description, Operation
from ..http.accounts import Credentials

_HASH = re.compile(r"hmac-(sha[0-9]+)")
_PLAIN = re.compile(r"[A-Za-z0-9_$=?&:;,.|-]+")
_SECONDS = {"ms": "000", "s": ""}


def samples(description: Description, base_url: str, own: Credentials) -> list[dict[str, str]]:
    """A request for the first list of the newest version, by curl and in Python, if its signing scheme allows."""
    api = description.apis[-1]
    operation = next((one for one in api.operations if _is_simple(one)), None)
    if operation is None:
        return []
    codes = {
        "Shell": _shell_sample(api, operation, base_url, own),
        "Python": _python_sample(description, operation, base_url, own),
    }
    return [{"title": title, "code": code} for title, code in codes.items() if code]


def _is_simple(operation: Operation) -> bool:
    asks_much = operation.parents or operation.needed or operation.role
    return operation.kind == "list" and operation.pagination is not None and not asks_much


def _python_sample(description: Description, operation: Operation, base_url: str, own: Credentials) -> str:
    lines = (
        f"from {description.client}.{description.apis[-1].name} import Client",
        f'with Client(base_url="{base_url}", token="{own.token}", secret_key="{own.secret_key}") as client:',
        f'    print(*client.{operation.resource}.{operation.name}(), sep="\\n")',
    )
    return "\n".join(lines)


def _shell_sample(api: Api, operation: Operation, base_url: str, own: Credentials) -> str:
    scheme = api.scheme
    if scheme is None or api.token is None or not operation.signed:
        return ""
    signed = _write_signing_line(scheme, own)
    if not signed:
        return ""
    header = shlex.quote(f"{api.token.header}: {api.token.format.format(token=own.token)}")
    pairs = f"{scheme.nonce_parameter}=$n&{scheme.timestamp_parameter}=$t&{scheme.signature_parameter}=$s"
    stamp = f"t=$(date +%s){_SECONDS[scheme.timestamp_unit]} n=$(date +%s)$$"
    return "\n".join((stamp, signed, f'curl -H {header} "{base_url}{api.base_path}{operation.path}?{pairs}"'))


def _write_signing_line(scheme: Scheme, own: Credentials) -> str:
    """The line that signs; empty where the tools of a shell cannot."""
    base = scheme.base_string({scheme.timestamp_parameter: "$t", scheme.nonce_parameter: "$n"})
    known = _HASH.fullmatch(scheme.algorithm)
    if known is None or scheme.digest != "hex-lower" or not _PLAIN.fullmatch(base):
        return ""
    key = shlex.quote(own.secret_key)
    return f"s=$(printf %s \"{base}\" | openssl dgst -{known[1]} -hmac {key} | sed 's/.* //')"
