"""What may be shown: no token, no secret key, no signature, no value that the description calls secret or personal."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from .caller import Answer
from .description import Api, Credentials, Json
from .results import Result

MASK = "***"
_LONGEST_ANSWER = 600


class Masker:
    """Knows the secrets of this run and keeps them out of every text."""

    def __init__(self, api: Api, credentials: Collection[Credentials]) -> None:
        self._api = api
        secrets = {text for user in credentials for text in (user.token, user.secret_key) if text}
        forms = {form for text in secrets for form in _forms(text)}
        self._secrets = sorted(forms, key=len, reverse=True)

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

    def members(self, members: Mapping[str, Json], names: Collection[str]) -> dict[str, Json]:
        """The members of a request, with the values of these names masked, and those that are secret."""
        hidden = self._api.secret | set(names)
        return {name: MASK if name in hidden else self.value(value, hidden) for name, value in members.items()}

    def answer(self, answer: Answer) -> str:
        """The body that came back, shortened, without secret or personal values."""
        if answer.json is None:
            return self.text(_short(answer.text, _LONGEST_ANSWER))
        return self.text(_short(self.json(answer.json), _LONGEST_ANSWER))

    def json(self, value: Json) -> str:
        """JSON text of something that came back."""
        return json.dumps(self.value(value, self._api.secret | self._api.pii), ensure_ascii=False)


def _forms(text: str) -> tuple[str, ...]:
    return text, quote(text, safe=""), quote_plus(text), json.dumps(text)[1:-1]


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"
