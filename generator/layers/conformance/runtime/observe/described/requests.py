"""Requests that passed, held to the description: path, query, headers, body.

A request that breaks the description and is refused is the client's mistake, and the server is right. If it is
accepted, the description and the server do not say the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from procwise_conformance.description import Parameter

from ...api import Api, Json
from ...http.wire import FORM, MULTIPART, kind_of, list_signing_names
from ...results import ADVISORY, MUST, SHOULD, Level, Result
from ...stateful.check_run import Exchange
from ...stateful.checks.check import Check
from ...stateful.checks.responses import BOUNDS, REQUIRED, TYPES, WORDS
from ...stateful.protocol.undescribed_members import find_undescribed
from ...stateful.response_schemas import choose_schema, find_schema_error
from ..checks import BODY, PARAMETERS, TWICE
from ..judge import Judge, Observed
from .headers import find_undescribed_headers
from .json_texts import find_repeated
from .parameters import find_fault, read_form, read_parameter
from .schemas import find_body_schemas, find_member_schemas, find_parameter_schemas

_BOUNDS = ("minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LEFT_OUT = ("authorization", "cookie")
_OF_KEYWORD: Mapping[str, Check] = {
    "required": REQUIRED,
    "enum": WORDS,
    "const": WORDS,
    "type": TYPES,
    **dict.fromkeys(_BOUNDS, BOUNDS),
}


def judge_request(judge: Judge, observed: Observed) -> Iterator[Result]:
    """Everything that the description says of one request, but for its signature."""
    yield from _judge_places(judge, observed)
    yield from _judge_unknown(judge, observed)
    yield from _judge_headers(judge, observed)
    yield from _judge_body(judge, observed)


def _judge_places(judge: Judge, observed: Observed) -> Iterator[Result]:
    """Path, query and headers: what is required is there, and what is there is as its schema says."""
    found = {
        "path": {name: [str(value)] for name, value in observed.parts.path.items()},
        "query": _read_query(observed),
        "header": {name.lower(): [value] for name, value in observed.recorded.request_headers},
    }
    signing, schemas = list_signing_names(judge.api), find_parameter_schemas(judge.api, observed.operation)
    for parameter in observed.operation.parameters:
        if parameter.location not in found or parameter.name in signing:
            continue
        texts = _find_texts(parameter, found[parameter.location])
        if not any(texts) and _may_be_elsewhere(parameter, observed):
            continue
        name = parameter.name.lower() if parameter.location == "header" else parameter.name
        fault = _fault_of(judge.api, parameter, schemas.get((parameter.location, name), True), texts)
        expected = f"{parameter.name} as its schema says" if any(texts) else f"{parameter.name}, which is required"
        level = _level_of(observed, MUST if not any(texts) else SHOULD)
        said = f"{parameter.location} {parameter.name}: {fault}"
        yield from judge.verdict(PARAMETERS, observed, not fault, expected, observed=said, level=level)


def _judge_unknown(judge: Judge, observed: Observed) -> Iterator[Result]:
    """Parameters of the query that nobody described."""
    described = {_stem(one.name) for one in observed.operation.in_("query")}
    members = {
        member.name
        for one in observed.operation.in_("query")
        if "object" in one.schema.canonical.types
        for member in one.schema.canonical.properties
    }
    known = described | members | {*list_signing_names(judge.api)} | _credentials_in_query(judge.api)
    unknown = sorted({name for name in _read_query(observed) if name not in known and _stem(name) not in known})
    shown = ", ".join(name if judge.masker.text(name) == name and len(name) < 60 else "…" for name in unknown[:5])
    said = f"query {shown}, which nobody described"
    yield from judge.verdict(
        PARAMETERS, observed, not unknown, "the described parameters", observed=said, level=ADVISORY
    )


def _judge_headers(judge: Judge, observed: Observed) -> Iterator[Result]:
    """Headers that nobody described."""
    names = [name for name, _ in observed.recorded.request_headers]
    signing = list_signing_names(judge.api)
    unknown = find_undescribed_headers(judge.api, observed.operation, names, signing)
    said = f"header {', '.join(map(judge.masker.text, unknown[:5]))}, which nobody described"
    expected = "the described headers"
    yield from judge.verdict(PARAMETERS, observed, not unknown, expected, observed=said, level=ADVISORY)


def _judge_body(judge: Judge, observed: Observed) -> Iterator[Result]:
    body, raw = observed.operation.body, observed.recorded.body
    if raw is None:
        return
    if not raw:
        if body is not None:
            level = _level_of(observed, MUST)
            fine = not body.required or bool(observed.parts.body or observed.parts.files)
            yield from judge.verdict(
                REQUIRED, observed, fine, "a body, which is required", observed="no body", level=level
            )
        return
    kind = kind_of(observed.request)
    if body is None:
        only_signing = set(observed.parts.body) <= {*list_signing_names(judge.api)} and bool(observed.parts.body)
        said = "a body, which nobody described"
        yield from judge.verdict(BODY, observed, only_signing, "no body", observed=said, level=ADVISORY)
        return
    schema = choose_schema(find_body_schemas(judge.api, observed.operation), kind)
    said, expected = kind or "a body without a media type", " or ".join(body.media_types)
    level = _level_of(observed, SHOULD)
    yield from judge.verdict(BODY, observed, schema is not None, expected, observed=said, level=level)
    if schema is not None:
        yield from _judge_content(judge, observed, schema, kind, raw)


def _judge_content(judge: Judge, observed: Observed, schema: Any, kind: str, raw: bytes) -> Iterator[Result]:
    if kind.endswith("json"):
        repeated = find_repeated(raw)
        said, level = f"{', '.join(repeated)} twice in one object of the request", _level_of(observed, SHOULD)
        yield from judge.verdict(TWICE, observed, not repeated, "each member once", observed=said, level=level)
    read = _read_members(judge.api, observed, schema, kind, raw)
    if read is None:
        said, level = f"what is no {kind}", _level_of(observed, SHOULD)
        yield from judge.verdict(BODY, observed, False, f"a body in {kind}", observed=said, level=level)
        return
    for value in read:
        fault = find_schema_error(judge.api, schema, value)
        check = _OF_KEYWORD.get(fault.rpartition(" ")[2], BODY)
        level = _level_of(observed, check.level)
        expected = "a body that fits its schema"
        yield from judge.verdict(check if fault else BODY, observed, not fault, expected, observed=fault, level=level)
        unknown = sorted({f"{place}/{name}" for place, name, _ in find_undescribed(judge.api, schema, value)})
        said = f"body {', '.join(unknown[:5])}, which nobody described"
        expected = "the described members"
        yield from judge.verdict(BODY, observed, not unknown, expected, observed=said, level=ADVISORY)


def _read_members(api: Api, observed: Observed, schema: Any, kind: str, raw: bytes) -> Sequence[Json] | None:
    """What the body says, without signing parameters; nothing for what has no members, None if it cannot be read."""
    signing = set(list_signing_names(api)) - {*find_member_schemas(api, schema)}
    if kind == FORM:
        pairs = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)
        fields = {name: [text for own, text in pairs if own == name] for name, _ in pairs if name not in signing}
        return [read_form(api, schema, fields)]
    if kind == MULTIPART:
        texts = {name: [str(value)] for name, value in observed.parts.body.items() if name not in signing}
        return [{**read_form(api, schema, texts), **observed.parts.files}]
    if not kind.endswith("json"):
        return ()
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return [{name: one for name, one in value.items() if name not in signing} if isinstance(value, dict) else value]


def _credentials_in_query(api: Api) -> set[str]:
    return {one.parameter for one in api.security_schemes if one.location == "query"}


def _read_query(observed: Observed) -> dict[str, list[str]]:
    pairs = parse_qsl(urlsplit(observed.recorded.url).query, keep_blank_values=True)
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return found


def _find_texts(parameter: Parameter, found: Mapping[str, list[str]]) -> list[str]:
    if parameter.location == "header":
        return found.get(parameter.name.lower(), [])
    return found.get(parameter.name) or found.get(f"{parameter.name}[]") or []


def _fault_of(api: Api, parameter: Parameter, schema: Any, texts: list[str]) -> str:
    if not texts:
        return "missing" if parameter.required and "object" not in parameter.schema.canonical.types else ""
    if not any(texts) and not parameter.required:
        return ""  # an empty text is as good as none
    return find_fault(api, schema, read_parameter(parameter, texts))


def _may_be_elsewhere(parameter: Parameter, observed: Observed) -> bool:
    """Whether what is missing may have been sent: servers read a body as well, and browsers save no secret headers."""
    if parameter.location == "header":
        return parameter.secret or parameter.name.lower() in _LEFT_OUT or not observed.recorded.request_headers
    return parameter.name in observed.parts.body or observed.recorded.body is None


def _level_of(exchange: Exchange, level: Level) -> Level:
    """The level of a request that breaks the description: it is the client's mistake unless the server accepts it."""
    return level if exchange.succeeded else ADVISORY


def _stem(name: str) -> str:
    """The name of a parameter without brackets behind it."""
    return name.partition("[")[0]
