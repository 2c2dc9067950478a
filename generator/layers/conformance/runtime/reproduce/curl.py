"""A prepared request as a curl command for a POSIX shell."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_plus, urlsplit, urlunsplit

from requests import PreparedRequest

from ..api import Api, Credentials
from ..http.wire import Parts, content, is_json, kind_of, list_signing_names, parse_request
from .shell import Variables, double_quoted, print_command, single_quoted

_OF_THE_LIBRARY = ("accept-encoding", "connection", "content-length", "user-agent")
SIGNATURE = "7300000000000000000"  # stands for the signature, until it is replaced by the shell's variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Curl:
    """Writes requests. `marked` replaces the values of variables by marks, `literal` is the value of the signature."""

    api: Api
    users: Mapping[str, Credentials]
    variables: Variables
    marked: Callable[[Parts], Parts]
    literal: str

    def write(self, request: PreparedRequest, command: str) -> str:
        """The request as a command, with the variables as they are set by now."""
        url, variables = request.url or "", self.variables
        words = [f"{command} -X {request.method}" if request.method != "HEAD" else f"{command} --head"]
        words += ["--path-as-is"] if "/." in url else []
        words.append(double_quoted(self._url(request), variables))
        for name in dict.fromkeys(self._header_names(request)):
            value = request.headers.get(name)
            if value is not None and name.lower() != self.api.token_header.lower():
                words += ["-H", single_quoted(f"{name}: {self._with_signature_mark(name, plain(value))}", variables)]
        words += self._token(request)
        body = self._body(request)
        if not body:
            return " ".join(words)
        words += [] if request.headers.get("Content-Type") else ["-H 'Content-Type:'"]
        if body.isprintable() and not body.startswith("@"):
            return " ".join([*words, "--data-binary", single_quoted(body, variables)])
        return " ".join([print_command(body, variables), "|", *words, "--data-binary @-"])

    def _header_names(self, request: PreparedRequest) -> Iterable[str]:
        """The headers that count; any may be signed, if a scheme signs whole requests."""
        if self.api.request_scheme is not None and self.api.scheme is None:
            return [name for name in request.headers if name.lower() not in _OF_THE_LIBRARY]
        return ("Accept", "Content-Type", *self.api.headers, *list_signing_names(self.api))

    def _token(self, request: PreparedRequest) -> list[str]:
        """The header with the token as it was sent, if it was."""
        header = self.api.token_header
        sent = request.headers.get(header) if header else None
        if sent is None:
            return []
        line = f"{header}: {plain(sent)}"
        for prefix, user in self.users.items():
            if user.token in line:
                return ["-H", double_quoted(line, {user.token: f"{prefix}TOKEN"})]
        for prefix, user in self.users.items():
            name, token = f"{prefix}TOKEN", user.token
            ways = {token.upper(): "tr a-z A-Z", token.lower(): "tr A-Z a-z", token[:-1]: "sed 's/.$//'"}
            for written, way in ways.items():
                if written in line:
                    return ["-H", _replace_part(line, written, f'"$(printf %s "${name}" | {way})"')]
        return ["-H", double_quoted(line, {})]

    def _url(self, request: PreparedRequest) -> str:
        """The URL with marks for own ids and for the signature."""
        parts, url = parse_request(request, self.api), urlsplit(request.url or "")
        path, marked = url.path, self.marked(parts)
        if parts.operation:
            template, segments = parts.operation.segments, path.split("/")
            start = len(segments) - len(template)
            for number, name in enumerate(template):
                if name.startswith("{"):
                    segments[start + number] = self._segment(segments[start + number], name[1:-1], parts, marked)
            path = "/".join(segments)
        pairs = [self._pair(pair, parts, marked) for pair in url.query.split("&")] if url.query else []
        return urlunsplit(url._replace(path=path, query="&".join(pairs)))

    def _segment(self, segment: str, name: str, parts: Parts, marked: Parts) -> str:
        same = marked.path.get(name) == parts.path.get(name)
        return segment if same else quote(str(marked.path[name]), safe="")

    def _pair(self, pair: str, parts: Parts, marked: Parts) -> str:
        raw, _, value = pair.partition("=")
        name = unquote_plus(raw)
        if self.api.scheme and name == self.api.scheme.signature_parameter:
            return f"{raw}={quote(self._with_signature_mark(name, unquote(value)), safe='')}"
        same = marked.query.get(name) == parts.query.get(name)
        return pair if same else f"{raw}={quote(str(marked.query[name]), safe='')}"

    def _with_signature_mark(self, name: str, value: str) -> str:
        """The value with a mark in place of the signature."""
        scheme = self.api.scheme
        is_it = scheme is not None and name == scheme.signature_parameter and self.literal
        return value.replace(self.literal, SIGNATURE) if is_it else value

    def _body(self, request: PreparedRequest) -> str:
        text, scheme = content(request).decode("utf-8", "replace"), self.api.scheme
        parts = parse_request(request, self.api)
        if not is_json(kind_of(request)) or not parts.body:
            return text
        members = dict(self.marked(parts).body)
        if scheme and scheme.signature_parameter in members:
            value = json.dumps(members[scheme.signature_parameter])
            members[scheme.signature_parameter] = json.loads(
                self._with_signature_mark(scheme.signature_parameter, value)
            )
        return json.dumps(members, ensure_ascii=any("\ud800" <= char <= "\udfff" for char in text))


def plain(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _replace_part(text: str, part: str, word: str) -> str:
    """A shell word in which another one replaces a part."""
    before, _, after = text.partition(part)
    return shlex.quote(before) + word + (shlex.quote(after) if after else "")
