"""Resources: what the operations of one name are about, and which operation does what to it."""

from __future__ import annotations

from dataclasses import dataclass

from .values import Property, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A placeholder of a path that names an object above; `resource` is empty where nothing describes it."""

    placeholder: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A member of a body or a query parameter that names objects; `resource` is empty where it is not known which."""

    name: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """All that is known of one kind of object; operations are named by their ids.

    `collection` and `item` are paths, `identity` is the member that names an object, `reference` what other
    objects call that name, such as `exam_id`. `creators` and `listers` begin with those on `collection`; `listers`
    end with the lists that one of them replaces. `changers` are in the order written. `settings` are the names of
    all that can be set. `object` is one object, out of its wrapper.
    """

    name: str
    collection: str
    item: str
    identity: str
    reference: str
    creators: tuple[str, ...]
    listers: tuple[str, ...]
    shower: str
    changers: tuple[str, ...]
    destroyer: str
    parents: tuple[Parent, ...]
    settings: tuple[str, ...]
    object: Schema | None

    @property
    def creator(self) -> str:
        """The operation that creates an object, or nothing."""
        return next(iter(self.creators), "")

    @property
    def members(self) -> tuple[Property, ...]:
        """The members of an object."""
        return self.object.resolve().properties if self.object is not None else ()

    @property
    def title(self) -> str:
        """The name of the object's schema, or else of the resource."""
        return (self.object.resolve().name if self.object is not None else "") or self.name
