"""Other parameters than those that are signed: left out, renamed, taken from another place, or too many."""

from __future__ import annotations

from itertools import combinations, product

from .attempts import Attempts, RefusedRequest, list_names

_TOKEN_NAMES = ("token", "api_token", "Authorization", "authorization")
_MOST_PAIRED = 30


def wrong_parameters(request: RefusedRequest) -> Attempts:
    """Parameters left out, ids under other names or with other values, the token signed too."""
    yield from _leave_out_each(request)
    yield from _other_ids(request)
    for name in _TOKEN_NAMES if request.token else ():
        cause = f"the token was signed too, as {name!r}: it is no parameter"
        yield cause, request.sign_with({name: request.token})


def _leave_out_each(request: RefusedRequest) -> Attempts:
    params, path = request.params, request.path
    signing = (request.scheme.timestamp_parameter, request.scheme.nonce_parameter)
    empty = [name for name, value in params.items() if value in (None, "", [], ())]
    groups = {
        "the ids in the path were not signed": path,
        "the parameters of the query were not signed": [name for name in request.query if name not in signing],
        "the parameters of the body were not signed": request.body,
        f"the empty parameters were not signed ({list_names(empty)})": empty,
    }
    yield from ((cause, request.sign_without(names)) for cause, names in groups.items() if names)
    own = "only the path ids, the timestamp and the nonce were signed"
    yield own, request.sign_without({*params} - {*path, *signing})
    yield "only the timestamp and the nonce were signed", request.sign_without({*params} - {*signing})
    for name in params:
        yield f"the parameter {name!r} was not signed", request.sign_without((name,))
    for pair in combinations(params, 2) if len(params) <= _MOST_PAIRED else ():
        yield f"{list_names(pair)} were not signed", request.sign_without(pair)


def _other_ids(request: RefusedRequest) -> Attempts:
    params = request.params
    for name, value in ((one, other) for one, other in request.overridden.items() if one in params):
        where = "path" if name in request.path else "query"
        said, counts = ("one value", "another") if name in request.masked else (f"`{value}`", f"`{params[name]}`")
        cause = f"{said} was signed for `{name}`, as another place has it; the {where} has {counts}, which counts"
        yield cause, request.sign_with({name: value})
    for name, other in product(request.path, request.names):
        if name in params:
            cause = f"the id in the path was signed as {other!r} instead of {name!r}"
            yield cause, request.sign_with({other: params[name]}, without=(name,))
