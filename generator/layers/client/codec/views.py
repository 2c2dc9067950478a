"""What the codec templates print: models and endpoints, with Python code for each part."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.property import Property
from openapi_python_client.parser.responses import Response
from openapi_python_client.schema.untrusted_string import UntrustedString

from generator.layers.client.codec.naming import Naming, members, parameters
from generator.layers.client.codec.properties import annotation, classes, imports, is_open
from generator.templates import py

Tags = Mapping[tuple[str, str], tuple[str, ...]]
_HELPERS = ("drop_unset", "path_segment", "to_json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A field of a model. `default` is Python."""

    name: str
    annotation: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """A model. `rest` is the type of the members that the description does not name."""

    name: str
    doc: str
    imports: tuple[str, ...]
    models: tuple[str, ...]
    helpers: tuple[str, ...]
    members: tuple[Member, ...]
    rest: str

    @classmethod
    def of(cls, model: ModelProperty, naming: Naming, tags: Tags) -> ModelView:
        """The view of a parsed model."""
        fields = members(model)
        extra = model.additional_properties
        every: list[Property] = [*fields, extra] if extra is not None else fields
        file = "Upload" if model.is_multipart_body else "str"
        views = tuple(_member(model, field, file, naming, tags) for field in fields)
        others = classes(every, (ModelProperty,), "..models")
        return cls(
            name=model.class_info.name,
            doc=_model_doc(model, fields),
            imports=(*imports(every), *classes(every, (EnumProperty,), "..models")),
            models=tuple(line for line in others if line != f"from ..{model.self_import}"),
            helpers=_helpers_in(*(f"{one.annotation} {one.default}" for one in views)),
            members=views,
            rest=annotation(extra, file=file) if extra is not None else "Any",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument of `_get_kwargs`."""

    name: str
    wire: str
    annotation: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessView:
    """A successful status, or a range of them, and the type of its data."""

    condition: str
    annotation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """An endpoint. `url` and `body` are Python; the last of `successes` is for every other status."""

    doc: str
    imports: tuple[str, ...]
    helpers: tuple[str, ...]
    method: str
    url: str
    path: tuple[Argument, ...]
    query: tuple[Argument, ...]
    headers: tuple[Argument, ...]
    body_annotation: str
    body: str
    successes: tuple[SuccessView, ...]
    result: str

    @classmethod
    def of(cls, endpoint: Endpoint) -> EndpointView:
        """The view of a parsed endpoint."""
        responses = _successful_responses(endpoint)
        views = tuple(_success_views(responses))
        body = [endpoint.bodies[0].prop] if endpoint.bodies else []
        props = [*parameters(endpoint), *body, *(response.prop for response in responses)]
        path, query, headers = (
            tuple(_argument(p) for p in group)
            for group in (endpoint.path_parameters, endpoint.query_parameters, endpoint.header_parameters)
        )
        url, body_code = _url(endpoint), _body(endpoint)
        code = [f"{one.annotation} {one.default}" for one in (*path, *query, *headers)]
        return cls(
            doc=endpoint.summary.get_untrusted_value() or endpoint.name,
            imports=(*imports(props), *classes(props, (EnumProperty, ModelProperty), "...models")),
            helpers=_helpers_in(url, body_code, *code, "drop_unset(" if query or headers else ""),
            url=url,
            body=body_code,
            body_annotation=_argument(body[0]).annotation if body else "",
            method=endpoint.method.upper(),
            path=path,
            query=query,
            headers=headers,
            successes=views,
            result=" | ".join(dict.fromkeys(view.annotation for view in views)),
        )


def success_properties(endpoint: Endpoint) -> list[Property]:
    """The values of the successful responses, the first status first."""
    return [response.prop for response in _successful_responses(endpoint)]


def _member(model: ModelProperty, prop: Property, file: str, naming: Naming, tags: Tags) -> Member:
    name, hidden = prop.name.get_untrusted_value(), naming.is_hidden(model, prop)
    facts = {
        "wire": name if prop.python_name != name else "",
        "is_open": is_open(prop),
        "tags": tags.get((str(model.class_info.name), name), ()),
    }
    metadata = {fact: value for fact, value in facts.items() if value}
    options = [
        *([] if prop.required else ["default=UNSET"]),
        *(["repr=False"] if hidden else []),
        *([f"metadata={py(metadata)}"] if metadata else []),
    ]
    default = f" = _field({', '.join(options)})" if hidden or metadata else "" if prop.required else " = UNSET"
    return Member(
        name=prop.python_name,
        annotation=annotation(prop, file=file) + ("" if prop.required else " | Unset"),
        default=default,
    )


def _argument(prop: Property) -> Argument:
    return Argument(
        name=prop.python_name,
        wire=py(prop.name.get_untrusted_value()),
        annotation=annotation(prop) + ("" if prop.required else " | Unset"),
        default="" if prop.required else " = UNSET",
    )


def _url(endpoint: Endpoint) -> str:
    """The path with each parameter put in as one encoded segment, which holds no brace itself."""
    replacements = (
        f".replace({py('{' + p.python_name + '}')}, path_segment({', '.join(_segment(p))}))"
        for p in endpoint.path_parameters
    )
    return py(endpoint.path.get_untrusted_value()) + "".join(replacements)


def _segment(prop: Property) -> Iterable[str]:
    """The arguments of `path_segment`: the value, its name, and the types it may have beside text and numbers."""
    yield from (str(prop.python_name), py(str(prop.python_name)))
    yield from (kind for kind in annotation(prop).split(" | ") if kind.startswith("datetime."))


def _body(endpoint: Endpoint) -> str:
    if not endpoint.bodies:
        return "None"
    return "body" if isinstance(endpoint.bodies[0].prop, FileProperty) else "to_json(body)"


def _successful_responses(endpoint: Endpoint) -> list[Response]:
    ranged = [r for r in endpoint.responses.patterns if r.status_code.range and 200 <= r.status_code.range[0] < 300]
    return sorted(ranged) or ([endpoint.responses.default] if endpoint.responses.default else [])


def _success_views(responses: list[Response]) -> Iterable[SuccessView]:
    if not responses:
        yield SuccessView(condition="", annotation="Any")
        return
    first, *others = responses
    for response in others:
        low, high = response.status_code.range or (200, 299)
        if annotation(response.prop) != annotation(first.prop):
            yield SuccessView(condition=f"{low} <= status <= {high}", annotation=annotation(response.prop))
    yield SuccessView(condition="", annotation=annotation(first.prop))


def _model_doc(model: ModelProperty, fields: list[Property]) -> str:
    about = _text(model.description) or _text(model.data.title) or model.class_info.name
    lines = [textwrap.fill(about, 110)]
    if fields:
        lines += ["", "Attributes:"]
    for field in fields:
        about = f"{field.python_name}: {_text(field.description)}"
        lines.append(textwrap.fill(about, 110, initial_indent="    ", subsequent_indent="        "))
    return "\n".join(lines)


def _text(value: UntrustedString | None) -> str:
    return " ".join(value.get_untrusted_value().split()) if value else ""


def _helpers_in(*code: str) -> tuple[str, ...]:
    """The helpers that this Python code calls or names."""
    joined = " ".join(code)
    called = {name for name in _HELPERS if f"{name}(" in joined}
    return tuple(sorted(called | {name for name in ("UNSET", "Unset", "Upload") if re.search(rf"\b{name}\b", joined)}))
