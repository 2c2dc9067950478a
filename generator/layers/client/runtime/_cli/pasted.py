"""A curl line, an address or the text of a request that somebody pasted, as a request."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from procwise.signing import Request, request_of

from .declarations import Program, Version
from .streams import CannotRun

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_JSON_AS_FORM = f"curl sends this JSON as a form, which a server reads as one long name: add -H 'Content-Type: {_JSON}'"
_REQUEST_LINE = re.compile(r"([A-Za-z]+) ((?:https?://|/)\S*)(?: HTTP/[0-9.]+)?[ \t]*(?:\r?\n|$)")
_LOGGED = re.compile(r'"([A-Z]+ /\S* HTTP/[0-9.]+)"')  # in the line of an access log
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def find_logged(text: str) -> str:
    """The line of the request within a line of an access log, or the text as it is."""
    logged = None if "\n" in text.strip() else _LOGGED.search(text)
    return logged[1] if logged is not None else text


def is_request(text: str) -> bool:
    """Whether the text is a curl line, an address or a request, and not a base string or a signature."""
    return re.match(r"curl\s|https?://", text) is not None or _REQUEST_LINE.match(text) is not None


def guess_version(program: Program, text: str) -> Version:
    """The version whose base path a pasted request has, if the current one's is not in it."""
    if not is_request(find_logged(text)):
        return program.current
    named = [one for one in program.versions if one.service.base_path and f"{one.service.base_path}/" in text]
    return named[0] if named and program.current not in named else program.current


def find_form_of_json(text: str, request: Request) -> str:
    """What is wrong with a curl line that sends JSON as a form; empty if it does not."""
    if not text.startswith("curl") or request.header("Content-Type") != [_FORM]:
        return ""
    return _JSON_AS_FORM if request.body.lstrip().startswith(b"{") else ""


def read_request(text: str, version: Version) -> Request:
    """The request of the line; CannotRun if it is none."""
    try:
        return _read_request(text, version)
    except ValueError as error:  # such as half an IPv6 address
        raise CannotRun(f"the address cannot be read: {error}") from None


def _read_request(text: str, version: Version) -> Request:
    if (line := _REQUEST_LINE.match(text)) is not None:
        return _read_message(line, text[line.end() :], version)
    return _read_curl(text, version)


def _read_message(line: re.Match[str], rest: str, version: Version) -> Request:
    """The request of an HTTP message: its first line, and headers and body if they were pasted too."""
    head, _, body = rest.replace("\r\n", "\n").partition("\n\n")
    headers = [(name.strip(), value.strip()) for name, _, value in (one.partition(":") for one in head.split("\n"))]
    method, target = line.groups()
    hosts = [value for name, value in headers if name.lower() == "host"]
    url = target if "://" in target else f"https://{hosts[0] if hosts else 'server'}{target}"
    return request_of(method, url, [pair for pair in headers if pair[0]], body, path=find_path(version, method, url))


def _read_curl(text: str, version: Version) -> Request:
    try:
        words = shlex.split(text.replace("\\\r\n", " ").replace("\\\n", " "))
        line, rest = _make_parser().parse_known_args(words)
    except (ValueError, argparse.ArgumentError) as error:
        raise CannotRun(f"the curl line cannot be read: {error}") from None
    url = next((word for word in (*line.url, *line.words, *rest) if "://" in word), "")
    if not url:
        raise CannotRun("the curl line names no address (one that begins with https://)")
    data = "&".join((*line.data, *map(_encode_pair, line.urlencoded)))
    if line.get and data:
        url, data = f"{url}{'&' if '?' in url else '?'}{data}", ""
    headers = [(name.strip(), value.strip()) for name, _, value in (header.partition(":") for header in line.header)]
    if line.json or data:
        named = any(name.lower() == "content-type" for name, _ in headers)
        headers += [] if named else [("Content-Type", _JSON if line.json else _FORM)]
    method = line.request or ("POST" if data or line.json or line.form else "GET")
    request = request_of(method.upper(), url, headers, "".join(line.json) or data, path=find_path(version, method, url))
    if not line.form:
        return request
    parts = dict(part.split("=", 1) for part in line.form if "=" in part)
    texts = {name: value for name, value in parts.items() if not value.startswith(("@", "<"))}
    return replace(request, parameters={**request.parameters, "body": texts})


def find_path(version: Version, method: str, url: str) -> dict[str, object]:
    """The values in the path, by the names that the operation of this method and path has for them."""
    path = urlsplit(url).path
    rest = path.partition(version.service.base_path)[2] if version.service.base_path else path
    for template in sorted(_list_templates(version, method.upper()), key=lambda one: one.count("{")):
        names = [name[1:-1] for name in _PLACEHOLDER.findall(template)]
        found = re.fullmatch("([^/]+)".join(map(re.escape, _PLACEHOLDER.split(template))), rest.rstrip("/"))
        if found:
            return dict(zip(names, map(unquote, found.groups()), strict=True))
    raise CannotRun(f"no operation of {version.name} has the method {method.upper()} and the path {path}")


def _list_templates(version: Version, method: str) -> Iterator[str]:
    for group in version.groups:
        for command in group.load():
            own, _, template = command.label.partition(" ")
            if own == method:
                yield template


def _encode_pair(text: str) -> str:
    name, equals, value = text.partition("=")
    return f"{name}={quote(value, safe='')}" if equals else quote(text, safe="")


def _read_lines(text: str) -> str:
    """What `-d` sends: the text, or the file behind `@` without its line breaks."""
    return _read_whole(text).replace("\r", "").replace("\n", "") if text.startswith("@") else text


def _read_whole(text: str) -> str:
    """What `--data-binary` sends: the text, or the file behind `@` as it is."""
    name = text.removeprefix("@")
    if name == text:
        return text
    if name == "-":
        raise CannotRun("curl reads this body from standard input (`@-`): paste the body itself in place of `@-`")
    try:
        return Path(name).read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CannotRun(
            f"curl sends the file {name}, which cannot be read here ({reason}): run explain in the folder"
            f" in which curl ran, or paste the body itself in place of `@{name}`"
        ) from None


def _make_parser() -> argparse.ArgumentParser:
    """The options of curl that say what is sent; others are passed over."""
    parser = argparse.ArgumentParser("curl", add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("-X", "--request", default="")
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("-d", "--data", "--data-ascii", dest="data", action="append", default=[], type=_read_lines)
    parser.add_argument("--data-raw", dest="data", action="append")
    parser.add_argument("--data-binary", dest="data", action="append", type=_read_whole)
    parser.add_argument("--data-urlencode", dest="urlencoded", action="append", default=[])
    parser.add_argument("--json", action="append", default=[], type=_read_whole)
    parser.add_argument("-F", "--form", "--form-string", dest="form", action="append", default=[])
    parser.add_argument("-G", "--get", action="store_true")
    parser.add_argument("--url", action="append", default=[])
    parser.add_argument("words", nargs="*")
    return parser
