"""Every operation has examples; all are valid, and all are made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from tests.description.described import Bundle, Written

Operations = tuple[tuple[Bundle, Written], ...]
MADE_UP_HOSTS = re.compile(r"(^|\.)(example|test|invalid|localhost|example\.(com|net|org))$")
VENDORS = re.compile(r"proctorexam|pruefster", re.IGNORECASE)
MADE_UP_SECRET = re.compile(r"made[- ]up|^0123456789abcdef", re.IGNORECASE)


class Shown:
    """One example: where it stands, its value and the schema that it illustrates."""

    def __init__(self, where: str, bundle: Bundle, schema: Any, value: Any) -> None:
        self.where, self.bundle, self.schema, self.value = where, bundle, schema, value


@pytest.fixture(scope="module")
def examples(operations: Operations) -> list[Shown]:
    return [example for bundle, operation in operations for example in _examples(bundle, operation)]


def test_every_request_every_success_and_every_error_has_an_example(operations: Operations) -> None:
    for bundle, operation in operations:
        body = bundle.resolve(operation.value.get("requestBody", {"content": {}}))
        responses = {status: bundle.resolve(response) for status, response in operation.value["responses"].items()}
        assert any(status.startswith("2") for status in responses), operation.name
        for part in (body, *responses.values()):
            for media in part["content"].values():
                assert media.get("examples"), operation.name
        for parameter in map(bundle.resolve, operation.value.get("parameters", ())):
            assert "example" in parameter, f"{operation.name} {parameter['name']}"


def test_examples_are_valid(examples: list[Shown]) -> None:
    assert len(examples) > 500
    wrong = {f"{shown.where}: {error.message}" for shown in examples for error in _errors(shown)}
    assert not wrong


def test_hosts_and_mailboxes_are_made_up(examples: list[Shown]) -> None:
    for shown in examples:
        for text in _texts(shown.value):
            for host in _hosts(text):
                assert MADE_UP_HOSTS.search(host), f"{shown.where}: {host}"
            assert not VENDORS.search(text), f"{shown.where}: {text}"


def test_secrets_are_made_up(bundles: tuple[Bundle, ...], examples: list[Shown]) -> None:
    secret = {name for bundle in bundles for name in _secret_names(bundle.content["components"]["schemas"])}
    shown_secrets = {
        (shown.where, name, value) for shown in examples for name, value in _members(shown.value) if name in secret
    }
    assert {name for _, name, _ in shown_secrets} >= {"api_token", "secret_key", "oauth_consumer_secret", "password"}
    for where, name, value in shown_secrets:
        assert MADE_UP_SECRET.search(value) or "key=made-up" in value, f"{where}: {name}"


def _examples(bundle: Bundle, operation: Written) -> Iterator[Shown]:
    for parameter in map(bundle.resolve, operation.value.get("parameters", ())):
        yield Shown(f"{operation.name} {parameter['name']}", bundle, parameter["schema"], parameter["example"])
    body = operation.value.get("requestBody")
    parts = {"body": body} if body else {}
    for name, part in (parts | operation.value["responses"]).items():
        for media in bundle.resolve(part)["content"].values():
            for example in media["examples"].values():
                value = bundle.resolve(example)["value"]
                yield Shown(f"{operation.name} {name}", bundle, media["schema"], value)


def _errors(shown: Shown) -> Iterator[jsonschema_rs.ValidationError]:
    schema = {**shown.schema, "components": shown.bundle.content["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    yield from validator.iter_errors(shown.value)


def _members(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _members(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                yield key, item
            yield from _members(item)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for _, text in _members(value):
        yield text


def _hosts(text: str) -> Iterator[str]:
    for address in re.findall(r"https?://[^\s\"<>]+", text):
        yield urlsplit(address).hostname or ""
    yield from re.findall(r"[\w.+-]+@([\w.-]+)", text)


def _secret_names(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.get("properties", {}).items():
            if member.get("x-secret"):
                yield name
        for item in value.values():
            yield from _secret_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secret_names(item)
