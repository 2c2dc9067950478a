"""What the suite knows about one API, never about one server: the description's own classes, with what is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from procwise.signing.scheme import Scheme
from procwise_conformance import description
from procwise_conformance.description import Column, Job, Pagination

if TYPE_CHECKING:
    from procwise.signing.language import SigningScheme

__all__ = [
    "Api",
    "Column",
    "Credentials",
    "Job",
    "Json",
    "Operation",
    "Pagination",
    "Placeholder",
    "Setting",
    "SettingKind",
    "load_document",
    "label_of",
    "source_of",
]

Json = object  # str, int, float, bool, None, list or dict of Json

SettingKind = Literal["text", "word", "flag", "integer", "number", "moment", "file", "other"]

SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user's token and secret key; neither shows in a repr."""

    token: str
    secret_key: str

    def __repr__(self) -> str:
        return "Credentials(***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A `{name}` of a path: a whole number, a UUID, or any text.

    `creator` and `lister` are the ids of the operations that make and list what it names, `reference` is what other
    objects call such an id, and `given` one from the options.
    """

    name: str
    integer: bool
    uuid: bool
    creator: str
    lister: str
    reference: str
    given: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A property of a request body.

    `kind` is what a value is to somebody who makes one up, such as one of `words`; `limits` are the bounds of
    its schema, such as ("minLength", 1); `shown` says that the response shows it. `default` is JSON text, empty without
    one, `item` what a list holds, and `sample` a value that the schema allows.
    """

    name: str
    required: bool
    kind: SettingKind
    words: tuple[Json, ...]
    limits: tuple[tuple[str, Json], ...]
    nullable: bool
    shown: bool
    default: str = ""
    item: Setting | None = None
    sample: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(description.Operation):
    """An operation with all that the suite needs to call it as described.

    `required_query` are the required query parameters with values for them, `example` is the first example of the
    request body, out of its wrapper; `identity` is the name of the id in the object that it returns, `destroyer` the
    operation that removes what this one creates. `settable` is what the body can hold; `named` are settings and query
    parameters that name objects, with what creates such, or nothing; `tenant` is the member of the returned object that
    names whose it is, such as its institute; `narrowing` are query parameters that ask for one of the words of a
    member, and these words; `given` are ids from the options for objects that the suite cannot create; `expiring` are
    members of the response that hold an address, and the seconds that it works.
    """

    placeholders: tuple[Placeholder, ...]
    required_query: tuple[tuple[str, Json], ...]
    example: Json
    identity: str
    destroyer: str
    settable: tuple[Setting, ...]
    named: tuple[tuple[str, str], ...]
    tenant: str
    narrowing: tuple[tuple[str, tuple[Json, ...]], ...]
    expiring: tuple[tuple[str, int], ...]
    given: tuple[tuple[str, Json], ...] = ()

    @property
    def restricted(self) -> bool:
        """Whether only some roles may call it."""
        return bool(self.role)

    @property
    def has_example(self) -> bool:
        """Whether the description has an example of the request body, of the whole or of each required member."""
        return self.body is not None and bool(self.body.examples)

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types of the request body, the one that is sent first."""
        return self.body.media_types if self.body is not None else ()

    @property
    def statuses(self) -> tuple[int, ...]:
        """The documented statuses."""
        return tuple(response.status for response in self.responses)

    def leaves_open(self, status: int, exact: tuple[int, ...], api: Api) -> bool:
        """Whether the description allows the status of an error, for which it has the `exact` ones.

        Of two that are documented no page says which is for what, unless there is a catalogue of errors.
        """
        documented = set(exact) & set(self.statuses)
        return not documented or status in documented or (status in self.statuses and not api.codes)

    @property
    def safe(self) -> bool:
        return self.method in SAFE_METHODS

    @property
    def files(self) -> tuple[str, ...]:
        """The settings that are uploaded as files."""
        return tuple(setting.name for setting in self.settable if setting.kind == "file")

    def takes_given(self, placeholder: Placeholder) -> bool:
        """Whether an id from the options is there and may be used: nothing is changed but below what it names."""
        return placeholder.given is not None and self.may_name(placeholder)

    def may_name(self, placeholder: Placeholder) -> bool:
        """Whether the request leaves what the placeholder names as it is: it reads, or changes only what is below."""
        return self.safe or bool(self.destroyer) or placeholder != self.placeholders[-1]

    @property
    def successes(self) -> tuple[int, ...]:
        """The documented statuses of a success."""
        return tuple(status for status in self.statuses if status < 300)

    @property
    def segments(self) -> tuple[str, ...]:
        return _segments(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Api(description.Api):
    """One version of the API. `scheme` signs one set of parameters, `request_scheme` whole requests;
    `delivery_schemes` sign what the API sends by itself, by name.

    `secret` and `pii` are names never shown; `other_formats` are how the other versions write the token.
    `codes` are the codes that an error may have in its `code_member`, by status.
    """

    operations: tuple[Operation, ...]
    token_header: str
    token_format: str
    other_formats: tuple[str, ...]
    scheme: Scheme | None
    request_scheme: SigningScheme | None
    delivery_schemes: Mapping[str, SigningScheme]
    headers: tuple[str, ...]
    secret: frozenset[str]
    pii: frozenset[str]
    code_member: str
    codes: Mapping[int, tuple[str, ...]]

    @property
    def signature_status(self) -> int:
        """The status for whatever is signed wrongly, as the catalogue of errors says; 0 if it names none or several."""
        statuses = {status for error in self.errors if error.applies == "signed" for status in error.statuses}
        return statuses.pop() if len(statuses) == 1 else 0

    @property
    def other_owner(self) -> str:
        """Whose objects a user must not reach, in the description's own word for whose they are."""
        tenant = next((one.tenant for one in self.operations if one.tenant), "")
        return f"another {tenant.removesuffix('_id').replace('_', ' ')}" if tenant else "another user"

    @property
    def stranger(self) -> str:
        """Who must not reach the objects of the user of a run."""
        return "another user" if self.other_owner == "another user" else f"a user of {self.other_owner}"

    def find(self, operation_id: str) -> Operation | None:
        """The operation of that id, if there is one."""
        return next((operation for operation in self.operations if operation.id == operation_id), None)

    def is_superusers(self, operation: Operation) -> bool:
        """Whether only some may call the operation, or create what its path names or lies below."""
        creators = (self.find(placeholder.creator) for placeholder in operation.placeholders)
        return operation.restricted or any(creator is not None and self.is_superusers(creator) for creator in creators)

    def by_label(self, label: str) -> Operation | None:
        return next((operation for operation in self.operations if operation.label == label), None)

    def at(self, method: str, segments: list[str]) -> Operation | None:
        """The operation whose path fits; a literal segment is preferred to a placeholder."""
        fitting = [o for o in self.operations if o.method == method and _fits(o.segments, segments)]
        return min(fitting, key=lambda o: [s.startswith("{") for s in o.segments], default=None)


@cache
def load_document(name: str) -> Mapping[str, Any]:
    """The OpenAPI description of that version, for what reads OpenAPI or JSON Schema itself."""
    file = files(__package__).joinpath("descriptions", f"{name}.json")
    document: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def source_of(api: Api, operation: Operation) -> str:
    """Where the description has an operation from, by the titles of the pages; empty if it does not say so."""
    source = operation.source
    if source is None:
        return ""
    pages = "; ".join(api.name_sources(source)) or "no page"
    note = f"; {api.name_sources_in(source.note)}" if source.note else ""
    return f"{pages} ({source.confidence}{note})"


def label_of(operation: Operation) -> Setting | None:
    """The setting that people know an object by: the first required text that responses show."""
    texts = [s for s in operation.settable if s.kind == "text" and s.shown]
    return next((s for s in texts if s.required), texts[0] if texts else None)


@cache
def _segments(path: str) -> tuple[str, ...]:
    return tuple(segment for segment in path.split("/") if segment)


def _fits(template: tuple[str, ...], segments: list[str]) -> bool:
    if len(template) != len(segments):
        return False
    return all(t == s or t.startswith("{") for t, s in zip(template, segments, strict=True))
