"""What may be shown: no token, no secret key, no signature, no value that the description calls secret or personal."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

from requests import PreparedRequest

from .caller import Answer
from .description import Api, Credentials, Json
from .recipe import recipe, variable
from .results import Result
from .wire import JSON, content, kind_of

MASK = "***"
_LONGEST_ANSWER = 600
_LONGEST_BODY = 2000
_ESCAPED = re.compile(r'[\\"$`]')  # what a shell would read in double quotes


class Masker:
    """Knows the secrets of this run and keeps them out of every text."""

    def __init__(self, api: Api, credentials: Collection[Credentials]) -> None:
        self._api = api
        secrets = {text for user in credentials for text in (user.token, user.secret_key) if text}
        forms = {form for text in secrets for form in _forms(text)}
        self._secrets = sorted(forms, key=len, reverse=True)
        self._tokens = [user.token for user in credentials if user.token]

    def text(self, text: str) -> str:
        """The text without any credential, in whatever way it is written."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def result(self, result: Result) -> Result:
        """The result with every text masked."""
        shown = ("operation", "expected", "observed", "request", "answer")
        texts: dict[str, Any] = {name: self.text(getattr(result, name)) for name in shown}
        return replace(result, **texts)

    def value(self, value: Json, names: Collection[str]) -> Json:
        """JSON data with the values of these names masked, at any depth."""
        if isinstance(value, dict):
            return {k: MASK if k in names else self.value(v, names) for k, v in value.items()}
        return [self.value(item, names) for item in value] if isinstance(value, list) else value

    def answer(self, answer: Answer) -> str:
        """The body that came back, shortened, without secret or personal values."""
        if answer.json is None:
            return self.text(_short(answer.text, _LONGEST_ANSWER))
        return self.text(_short(self.json(answer.json), _LONGEST_ANSWER))

    def json(self, value: Json) -> str:
        """JSON text of something that came back."""
        return json.dumps(self.value(value, self._api.secret | self._api.pii), ensure_ascii=False)

    def curl(self, request: PreparedRequest, *, holds_answers: bool = False) -> str:
        """The request as a curl command, after lines of shell that sign it again where that can be written so.

        `$TOKEN` and `$SECRET_KEY` are the user's, the other variables the signing parameters.

        Personal values are masked where the request may hold what earlier answers told.
        """
        hidden = self._api.secret | set(self._signing_names()) | (self._api.pii if holds_answers else frozenset())
        signing = "" if holds_answers else recipe(request, self._api)
        words = ["curl", "-X", str(request.method), _double_quoted(self._url(request.url or ""))]
        for name in ("Accept", "Content-Type"):
            if value := request.headers.get(name):
                words += ["-H", shlex.quote(f"{name}: {_plain(value)}")]
        words += self._token(request)
        if body := content(request):
            words += ["--data-binary", shlex.quote(_short(self._body(request, body, hidden), _LONGEST_BODY))]
        return self.text(signing + " ".join(words))

    def _token(self, request: PreparedRequest) -> list[str]:
        """The header with the token as it was sent, where it was; a token that was spoilt on purpose is masked."""
        header = self._api.token_header
        sent = request.headers.get(header) if header else None
        if sent is None:
            return []
        told = _ESCAPED.sub(r"\\\g<0>", _plain(sent))
        for token in self._tokens:
            told = told.replace(token, "$TOKEN")
        told = told if "$TOKEN" in told else MASK
        return ["-H", f'"{header}: {told}"']

    def _url(self, url: str) -> str:
        """The URL with the signing parameters as shell variables named after them."""
        parts = urlsplit(url)
        return urlunsplit(parts._replace(query="&".join(map(self._pair, parts.query.split("&")))))

    def _pair(self, pair: str) -> str:
        name, _, _ = pair.partition("=")
        return f"{name}=${variable(name)}" if name in self._signing_names() else pair.replace("$", "%24")

    def _signing_names(self) -> tuple[str, ...]:
        scheme = self._api.scheme
        if scheme is None:
            return ()
        return scheme.timestamp_parameter, scheme.nonce_parameter, scheme.signature_parameter

    def _body(self, request: PreparedRequest, body: bytes, hidden: Collection[str]) -> str:
        text = body.decode("utf-8", "replace")
        if kind_of(request) != JSON:
            return text
        try:
            data = json.loads(text)
        except ValueError:
            return text
        return json.dumps(self.value(data, hidden), ensure_ascii=False)


def _forms(text: str) -> tuple[str, ...]:
    return text, quote(text, safe=""), quote_plus(text), json.dumps(text)[1:-1]


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def _plain(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _double_quoted(url: str) -> str:
    """For the shell, with variables left to it. A URL holds neither quotes nor backslashes unencoded."""
    return '"' + url.replace("\\", "%5C").replace('"', "%22").replace("`", "%60") + '"'
