"""What comes before an operation and after it: as the description says, or else as its resources need each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.ir import Api, Operation, Resource

_ORDER_OF_METHODS = ("POST", "PUT", "PATCH", "GET", "DELETE")


class OrderOfWork:
    """The order of work of each operation of a version."""

    def __init__(self, api: Api) -> None:
        self._workflow = api.workflow
        self._resources = {resource.name: resource for resource in api.resources}
        self._operations = {operation.id: operation for operation in api.operations}
        self._in_use = {operation.id for operation in api.operations if not operation.deprecated}
        self._actions: dict[tuple[str, str], list[Operation]] = {}
        for operation in api.operations:
            self._actions.setdefault((operation.resource, operation.kind), []).append(operation)
        self._users = _find_users(api)

    def list_steps(self, operation: Operation) -> tuple[str, ...]:
        """The ids of operations in the order in which they are called, this one among them.

        Those of `x-workflow` if it names the operation. Otherwise what creates the objects that it needs, then the
        life of its own object: create, list, show, update, replace, what is made of it, delete. For an action, the
        actions on the same thing stand in the place of all between creation and deletion.
        """
        if operation.id in self._workflow:
            return self._workflow
        own = self._resources.get(operation.resource)
        life = _list_life(own, operation) if own is not None else (operation.id,)
        if own is None or operation.id not in (own.creator, *life, own.destroyer):
            middle = self._list_actions(operation)
        else:
            middle = (*life, *self._users.get(own.name, ()))
        creator = self._operations.get(own.creator, operation) if own is not None else operation
        needed = [*_list_needed(creator), *_list_needed(operation)]
        before = [*self._list_creators(needed, operation), own.creator if own else ""]
        steps = dict.fromkeys((*before, *middle, own.destroyer if own else ""))
        return tuple(
            step for step in steps if step in self._in_use or (operation.deprecated and step in self._operations)
        )

    def _list_creators(self, needed: Iterable[str], operation: Operation) -> Iterator[str]:
        """What creates the objects, each after those above it."""
        known = self._resources
        for resource in (known[name] for name in needed if name in known and name != operation.resource):
            yield from (known[parent.resource].creator for parent in resource.parents if parent.resource in known)
            yield resource.creator

    def _list_actions(self, operation: Operation) -> tuple[str, ...]:
        """The actions on the same thing, such as a co-manager: what adds it, what shows it, what removes it."""
        found = self._actions[operation.resource, operation.kind]
        alike = [one for one in found if _last_word(one) == _last_word(operation)]
        return tuple(one.id for one in sorted(alike, key=lambda one: _ORDER_OF_METHODS.index(one.method)))


def _list_needed(operation: Operation) -> Iterator[str]:
    """The resources whose objects the request must name: in its path, or in what it cannot leave out."""
    yield from (parent.resource for parent in operation.parents)
    required = {parameter.name for parameter in operation.parameters if parameter.required}
    for content in operation.body.contents if operation.body else ():
        required |= {member.name for member in content.schema.resolve().properties if member.required}
    yield from (one.resource for one in operation.references if one.name in required)


def _list_life(own: Resource, operation: Operation) -> tuple[str, ...]:
    """Lists, show and changes of the object; of several lists the first, and the operation itself."""
    listers = [one for at, one in enumerate(own.listers) if at == 0 or one == operation.id]
    return (*listers, own.shower, *own.changers)


def _find_users(api: Api) -> Mapping[str, tuple[str, ...]]:
    """For each resource, what creates objects of others within one of it, or that name one."""
    created: dict[str, set[str]] = {}
    for resource in api.resources:
        created.setdefault(resource.creator, set()).add(resource.name)
    users: dict[str, dict[str, None]] = {}
    for operation in api.operations:
        for name in _list_needed(operation) if operation.id in created else ():
            if created[operation.id] - {name}:
                users.setdefault(name, {})[operation.id] = None
    return {name: tuple(found) for name, found in users.items()}


def _last_word(operation: Operation) -> str:
    """The last word of the name, without a plural."""
    return operation.name.rpartition("_")[2].removesuffix("s")
