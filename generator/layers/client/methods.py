"""The methods of a resource, ready to be printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.property import Property
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from generator.diff.python.surface import MethodKind
from generator.errors import LayerError
from generator.ir import Api, Job, Operation, Pagination, Project, Retry
from generator.layers.client.arguments import Argument, arguments, body_members
from generator.layers.client.codec import Codec
from generator.layers.client.codec.document import choose_media_type
from generator.layers.client.codec.naming import Naming
from generator.layers.client.codec.properties import annotation
from generator.layers.client.codec.views import success_properties
from generator.layers.client.deprecation import method_name, remedy
from generator.layers.client.docstrings import docstring
from generator.names import snake


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One operation as a method. `kind` names its template: value, pages, items, file or job.

    `result` is the type of the decoded value, None too of a deletion that a retry finds done, `unwrap` the attribute
    that holds it, `joined` the attributes of the value whose items are the list, if it is an object,
    `module` the codec's module, `body` the class of the body, or empty if there is none,
    `notice` the warning for callers of a deprecated operation.
    """

    kind: MethodKind
    name: str
    doc: str
    notice: str
    operation: Operation
    constant: str
    tag: str
    module: str
    result: str
    unwrap: str
    joined: tuple[ListProperty | ModelProperty, ...]
    accepts: str
    sends: str
    body: str
    path: tuple[Argument, ...]
    others: tuple[Argument, ...]

    @property
    def formerly(self) -> tuple[str, ...]:
        """Its earlier names."""
        return tuple(map(snake, self.operation.formerly))

    @property
    def retry(self) -> Retry:
        """Whether a failed attempt may be repeated."""
        return self.operation.retry

    @property
    def members(self) -> tuple[Argument, ...]:
        """The arguments that are members of the body's class."""
        return tuple(argument for argument in self.others if argument.place == "body")

    @property
    def direct(self) -> tuple[Argument, ...]:
        """The arguments that are passed to the codec directly."""
        return tuple(argument for argument in self.others if argument.place != "body")

    @property
    def paging(self) -> Pagination:
        """How the list is paged."""
        assert self.operation.pagination is not None  # noqa: S101  # only read for the kind `pages`
        return self.operation.pagination

    @property
    def styles(self) -> dict[str, str]:
        """How lists and objects of the query are written, where it is not just the name again for each item."""
        written = (one for one in self.operation.in_("query") if "/" not in one.style)
        return {
            one.name: one.style
            for one in written
            if one.style != "form exploded" or "object" in one.schema.canonical.types
        }

    @property
    def item(self) -> str:
        """The type of one item of the list."""
        if self.joined:
            return annotation(_item_of(self.joined[0]), "models.")
        return self.result.removeprefix("builtins.list[").removesuffix("]")

    @property
    def joined_names(self) -> tuple[str, ...]:
        """The attributes whose items are the list."""
        return tuple(str(one.python_name) for one in self.joined)

    def raw_result(self, prefix: str) -> str:
        """The type of the value that the method has with its raw response, in the sync or the async class."""
        if self.kind == "items":
            return f"ItemList[{self.item}]"
        return f"{prefix}Job[{self.result}]" if self.kind == "job" else self.result

    @property
    def page(self) -> Argument:
        """The argument that chooses the page."""
        return next(argument for argument in self.others if argument.wire == self.paging.page)

    @property
    def fixed(self) -> tuple[Argument, ...]:
        """The arguments that are the same for every page."""
        return tuple(argument for argument in self.direct if argument != self.page)

    @property
    def job(self) -> Job:
        """The job that the method starts."""
        assert self.operation.job is not None  # noqa: S101  # only read for the kind `job`
        return self.operation.job


def method(project: Project, api: Api, operation: Operation, codec: Codec, columns: str) -> Method:
    """The method of an operation; `columns` is the class of the columns of a list that can be filtered."""
    endpoint = codec.endpoint(operation)
    values = success_properties(endpoint)
    value = values[0] if values else None
    unwrapped, unwrap = _unwrap(value, operation, codec.naming)
    may_be_gone = bool(unwrap) and operation.method == "DELETE" and operation.retry.policy == "safe"
    all_arguments = arguments(api, operation, endpoint, codec.naming, columns)
    joined = _join_members(operation, value, codec.naming) if len(values) == 1 and not unwrap else ()
    kind = _kind(operation, value, unwrapped, is_single=len(values) == 1, is_joined=bool(joined))
    instead = remedy(project, api, operation)
    return Method(
        kind=kind,
        name=snake(operation.name),
        doc=docstring(operation, all_arguments, instead, api.name_sources(operation.source)),
        notice=f"{method_name(operation)} of {project.client}.{api.name} is deprecated: {instead}" if instead else "",
        operation=operation,
        constant=snake(operation.id).upper(),
        tag=str(endpoint.tags[0]),
        module=str(endpoint.name),
        result=_result(values if kind == "value" and not unwrap else [unwrapped], kind) + " | None" * may_be_gone,
        unwrap=unwrap,
        joined=joined if kind == "items" else (),
        accepts=operation.success.media_type if kind == "file" else "",
        sends=_sends(operation),
        body=_body_class(endpoint, codec.naming),
        path=tuple(argument for argument in all_arguments if argument.place == "path"),
        others=tuple(sorted((a for a in all_arguments if a.place != "path"), key=lambda a: not a.required)),
    )


def _kind(
    operation: Operation, value: Property | None, unwrapped: Property | None, *, is_single: bool, is_joined: bool
) -> MethodKind:
    is_list = isinstance(unwrapped, ListProperty) and is_single and operation.method == "GET"
    kinds: tuple[tuple[MethodKind, Callable[[], bool]], ...] = (
        ("file", lambda: isinstance(value, FileProperty)),
        ("job", lambda: operation.job is not None),
        ("pages", lambda: operation.pagination is not None),
        ("items", lambda: is_list or is_joined),
    )
    return next((kind for kind, holds in kinds if holds()), "value")


def _join_members(
    operation: Operation, value: Property | None, naming: Naming
) -> tuple[ListProperty | ModelProperty, ...]:
    """The members of a response that is an object of lists of one model, or of lists and single objects of it."""
    found = naming.members(value) if operation.method == "GET" else []
    kept = tuple(one for one in found if isinstance(one, ListProperty | ModelProperty))
    items = [_item_of(one) for one in kept]
    is_one_model = len({annotation(item) for item in items if isinstance(item, ModelProperty)}) == 1
    has_list = any(isinstance(one, ListProperty) for one in kept)
    are_models = all(isinstance(item, ModelProperty) for item in items)
    return kept if len(kept) == len(found) and is_one_model and are_models and has_list else ()


def _item_of(member: ListProperty | ModelProperty) -> PropertyProtocol:
    return member.inner_property if isinstance(member, ListProperty) else member


def _unwrap(value: Property | None, operation: Operation, naming: Naming) -> tuple[Property | None, str]:
    """The value inside the envelope, and the attribute that holds it."""
    key = operation.wrapper
    for member in naming.members(value) if key else ():
        if member.name == key:
            return member, str(member.python_name)
    if key:
        raise _fault(operation, f"its response has no member {key!r} to unwrap")
    return value, ""


def _result(values: Sequence[Property | None], kind: MethodKind) -> str:
    """The type of what a method returns; several successful statuses may have values of several types."""
    if kind == "pages" and not isinstance(values[0], ListProperty):
        return "builtins.list[Any]"
    types = [annotation(value, "models.") for value in values if value is not None]
    text = " | ".join(dict.fromkeys(types)) or "Any"
    return text.replace("list[", "builtins.list[")  # a method called `list` would hide the type


def _sends(operation: Operation) -> str:
    media_type = choose_media_type(operation.body.media_types) if operation.body else ""
    return "application/octet-stream" if "*" in media_type else media_type


def _body_class(endpoint: Endpoint, naming: Naming) -> str:
    if not body_members(endpoint, naming):
        return ""
    return annotation(endpoint.bodies[0].prop, "models.")


def _fault(operation: Operation, message: str) -> LayerError:
    return LayerError(f"{operation.file}:{operation.line}: {operation.id}: {message}")
