"""What comes before an operation and after it: as the description says, or else as its resources need each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.ir import Api, Operation, Resource

_ORDER_OF_METHODS = ("POST", "PUT", "PATCH", "GET", "DELETE")


def order_of_work(api: Api, operation: Operation) -> tuple[str, ...]:
    """The ids of operations in the order in which they are called, this one among them.

    Those of `x-workflow` if it names the operation. Otherwise what creates the objects that it needs, then the life
    of its own object: create, list, show, update, replace, what is made of it, delete. For an action, the actions on
    the same thing stand in the place of all between creation and deletion.
    """
    if operation.id in api.workflow:
        return api.workflow
    known = {resource.name: resource for resource in api.resources}
    own = known.get(operation.resource)
    life = _list_life(own, operation) if own is not None else (operation.id,)
    if own is None or operation.id not in (own.creator, *life, own.destroyer):
        middle = _list_actions(api, operation)
    else:
        middle = (*life, *_list_users(api, own))
    creator = next((one for one in api.operations if own is not None and one.id == own.creator), operation)
    needed = [*_list_needed(creator), *_list_needed(operation)]
    before = [*_list_creators(known, needed, operation), own.creator if own else ""]
    steps = dict.fromkeys((*before, *middle, own.destroyer if own else ""))
    in_use = {one.id for one in api.operations if operation.deprecated or not one.deprecated}
    return tuple(step for step in steps if step in in_use)


def _list_needed(operation: Operation) -> Iterator[str]:
    """The resources whose objects the request must name: in its path, or in what it cannot leave out."""
    yield from (parent.resource for parent in operation.parents)
    required = {parameter.name for parameter in operation.parameters if parameter.required}
    for content in operation.body.contents if operation.body else ():
        required |= {member.name for member in content.schema.resolve().properties if member.required}
    yield from (one.resource for one in operation.references if one.name in required)


def _list_creators(known: Mapping[str, Resource], needed: Iterable[str], operation: Operation) -> Iterator[str]:
    """What creates the objects, each after those above it."""
    for resource in (known[name] for name in needed if name in known and name != operation.resource):
        yield from (known[parent.resource].creator for parent in resource.parents if parent.resource in known)
        yield resource.creator


def _list_life(own: Resource, operation: Operation) -> tuple[str, ...]:
    """Lists, show and changes of the object; of several lists the first, and the operation itself."""
    listers = [one for at, one in enumerate(own.listers) if at == 0 or one == operation.id]
    return (*listers, own.shower, *own.changers)


def _list_users(api: Api, own: Resource) -> Iterator[str]:
    """What creates objects within this one, or that name it."""
    creators = {one.creator for one in api.resources if one is not own}
    for operation in api.operations:
        if operation.id in creators and own.name in _list_needed(operation):
            yield operation.id


def _list_actions(api: Api, operation: Operation) -> tuple[str, ...]:
    """The actions on the same thing, such as a co-manager: what adds it, what shows it, what removes it."""
    found = [one for one in api.operations if one.resource == operation.resource and one.kind == operation.kind]
    alike = [one for one in found if _last_word(one) == _last_word(operation)]
    return tuple(one.id for one in sorted(alike, key=lambda one: _ORDER_OF_METHODS.index(one.method)))


def _last_word(operation: Operation) -> str:
    """The last word of the name, without a plural."""
    return operation.name.rpartition("_")[2].removesuffix("s")
