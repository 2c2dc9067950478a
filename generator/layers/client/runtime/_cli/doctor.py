"""`doctor`: one harmless call, and what it says of settings, proxies, connection, clock, token, signature, version."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .._calls.capture import raw
from .._calls.error_hints import read_reasons
from .._calls.messages import Response
from .._errors.exceptions import APIStatusError, ConnectionFailed, ProcwiseError
from .._errors.reasons import Reason
from .._session.clock import describe_skew, measure_skew
from .._session.proxies import find_proxy_variable, is_excepted
from .connection import check_credentials, describe_remedy, find_credentials, make_client
from .declarations import Program, Version
from .streams import CannotRun, write_data

_PATIENCE = 10.0  # seconds
_NOTICEABLE = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    subject: str
    state: Literal["fine", "note", "wrong"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one call led to: a response or an error, and the moments of sending and receiving in milliseconds."""

    response: Response[Any] | None
    error: ProcwiseError | None
    sent_ms: int
    received_ms: int

    @property
    def headers(self) -> Mapping[str, str]:
        """Those of the response, none if there was none."""
        return self.response.headers if self.response else self.error.headers if self.error else {}

    @property
    def status(self) -> int:
        """The status of the response, 0 if there was none."""
        if self.response is not None:
            return self.response.status
        return self.error.status if isinstance(self.error, APIStatusError) else 0


def examine_connection(program: Program, version: Version, profile: str) -> bool:
    """Print a line for each subject; whether nothing is wrong."""
    is_fine = True
    for finding in _examine_setup(program, version, profile):
        write_data(f"{finding.state:<6} {finding.subject:<10} {finding.text}\n")
        is_fine = is_fine and finding.state != "wrong"
    return is_fine


def _examine_setup(program: Program, version: Version, profile: str) -> Iterator[Finding]:
    yield Finding("program", "fine", f"{program.name} {program.version}, API {version.name}")
    try:
        found = find_credentials(program, profile)
        check_credentials(version, found, describe_remedy(program))
        client = make_client(version, found.values, max_retries=0, clock_skew="off", timeout=_PATIENCE)
    except (CannotRun, ProcwiseError) as error:
        yield Finding("settings", "wrong", str(error))
        return
    with client:
        yield Finding("settings", "fine", f"from {found.source}; the server is {found.find('base_url')}")
        yield _look_at_proxies(found.find("base_url"))
        if version.probe is None:
            yield Finding("server", "note", "not called: the API has no operation that reads and needs no argument")
            return
        probe = _send_probe(client, version, version.probe)
        deviations = client.drift()
        yield from _judge_probe(version, probe, len(deviations))
        yield from (Finding("responses", "note", str(deviation)) for deviation in deviations)


def _look_at_proxies(base_url: str) -> Finding:
    """Which variable leads to a proxy; its address is not shown, since it may hold a password."""
    variable = find_proxy_variable(base_url)
    if not variable:
        return Finding("proxies", "fine", "NO_PROXY excepts the server" if is_excepted(base_url) else "none")
    return Finding("proxies", "note", f"requests go by way of {variable} (name the server in NO_PROXY to avoid it)")


def _send_probe(client: Any, version: Version, place: tuple[str, str]) -> Probe:
    """Call the operation of that group and name; of a list, one item at the most."""
    group = next(one for one in version.groups if one.name == place[0])
    command = next(one for one in group.load() if one.name == place[1])
    method = getattr(getattr(client, group.attribute), command.method)
    call = raw((lambda: method(limit=1).page(1)) if command.kind == "pages" else method)
    sent = time.time_ns() // 1_000_000
    response, error = None, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            response = call()
    except ProcwiseError as caught:
        error = caught
    return Probe(response=response, error=error, sent_ms=sent, received_ms=time.time_ns() // 1_000_000)


def _judge_probe(version: Version, probe: Probe, deviations: int) -> Iterator[Finding]:
    if probe.status == 0 and isinstance(probe.error, ConnectionFailed):
        yield Finding("server", "wrong", str(probe.error))
        return
    if probe.status >= 500 or probe.status == 429:
        yield Finding("server", "wrong", str(probe.error))
        return
    yield Finding("server", "fine", f"responds in {probe.received_ms - probe.sent_ms} ms")
    yield _judge_clock(version, probe)
    if probe.status == 401 and not _is_about_signature(version, probe):
        yield Finding("token", "wrong", f"{probe.error}. Is it the token of this server, copied as a whole?")
        return
    if probe.status == 403 or _is_about_signature(version, probe):
        yield Finding("token", "fine", "known to the server, or not looked at yet")
        yield Finding("signature", "wrong", str(probe.error))
        return
    if probe.error is not None:
        advice = f". Does the server have {version.name} at this address? Check base_url" if probe.status == 404 else ""
        yield Finding("version", "wrong", f"{str(probe.error).removesuffix('.')}{advice}")
        return
    yield Finding("token", "fine", "accepted")
    yield Finding("signature", "fine", "accepted")
    yield _judge_responses(version, deviations)


def _judge_responses(version: Version, deviations: int) -> Finding:
    """Whether the response was that of the version; each deviation has a line of its own."""
    if not deviations:
        return Finding("version", "fine", f"{version.name} responds as described")
    ways = "one way" if deviations == 1 else f"{deviations} ways"
    return Finding(
        "version", "note", f"{version.name} responds, but deviates from its description in {ways}, see below"
    )


def _is_about_signature(version: Version, probe: Probe) -> bool:
    """Whether the server says that it refuses the time, the nonce or the signature, whatever the status."""
    error = probe.error
    if not isinstance(error, APIStatusError):
        return False
    return bool(read_reasons(version.service, error.status, error.code, error.body) - {Reason.TOKEN})


def _judge_clock(version: Version, probe: Probe) -> Finding:
    skew = measure_skew(probe.headers, probe.sent_ms, probe.received_ms)
    if skew is None:
        return Finding("clock", "note", f"cannot be compared: {_explain_no_skew(probe.headers)}")
    scheme = version.service.scheme
    window = f"; {scheme.window_seconds} seconds are allowed" if scheme else ""
    if scheme and abs(skew) >= scheme.window_seconds:
        return Finding("clock", "wrong", f"{describe_skew(skew)}{window}: set the clock of this machine")
    state: Literal["fine", "note"] = "fine" if abs(skew) < _NOTICEABLE else "note"
    return Finding("clock", state, f"{describe_skew(skew)}{window if state == 'note' else ''}")


def _explain_no_skew(headers: Mapping[str, str]) -> str:
    if "date" not in headers:
        return "the server sends no Date"
    if "age" in headers:
        return "the response has an Age, so a cache sent it and its Date is an older one"
    return "the Date of the server is no date"
