"""What may be shown: no token, no secret key, no signature, no value that the description calls secret or personal."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import quote, quote_plus

from ..api import Api, Credentials, Json
from ..results import Result
from .caller import Response

MASK = "***"
_LONGEST_RESPONSE = 600
_LONG = 8


class Masker:
    """Knows the secrets of this run and keeps them out of every text."""

    def __init__(self, api: Api, credentials: Collection[Credentials]) -> None:
        self._api = api
        secrets = {text for user in credentials for text in (user.token, user.secret_key) if text}
        forms = {form for text in secrets for written in (text, *_alterations(text)) for form in _forms(written)}
        self._secrets = sorted(forms, key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text without any credential, in whatever way it is written."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def result(self, result: Result) -> Result:
        """The result with every text in it masked."""
        texts: dict[str, Any] = {one.name: self._mask(getattr(result, one.name)) for one in fields(result)}
        return replace(result, **texts)

    def _mask(self, value: object) -> object:
        """The texts at any depth; a name is a text as well."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self._mask(name): self._mask(inner) for name, inner in value.items()}
        return [self._mask(inner) for inner in value] if isinstance(value, list | tuple) else value

    def value(self, value: Json, names: Collection[str]) -> Json:
        """JSON data with the values of these names masked, at any depth."""
        if isinstance(value, dict):
            return {k: MASK if k in names else self.value(v, names) for k, v in value.items()}
        return [self.value(item, names) for item in value] if isinstance(value, list) else value

    def members(self, members: Mapping[str, Json], names: Collection[str]) -> dict[str, Json]:
        """The members of a request, with the values of these names masked, and those that are secret."""
        hidden = self._api.secret | set(names)
        return {name: MASK if name in hidden else self.value(value, hidden) for name, value in members.items()}

    def response(self, response: Response) -> str:
        """The body that came back, shortened, without secret or personal values."""
        text = self.text(response.text) if response.json is None else self.json(response.json)
        return _shorten(text, _LONGEST_RESPONSE)

    def json(self, value: Json) -> str:
        """JSON text of something that came back; it may be cut, since nothing of a secret is left in it."""
        return self.text(json.dumps(self.value(value, self._api.secret | self._api.pii), ensure_ascii=False))


def _alterations(text: str) -> tuple[str, ...]:
    """As attacks write a token; a short one, cut, could be part of any text."""
    return (text.upper(), text.lower(), text[:-1]) if len(text) >= _LONG else ()


def _forms(text: str) -> tuple[str, ...]:
    return text, quote(text, safe=""), quote_plus(text), json.dumps(text)[1:-1]


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"
