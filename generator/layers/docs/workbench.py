"""What the signing workbench needs of the descriptions: schemes, operations with an example each,
usual mistakes, and what is said of two base strings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from generator.ir import Api, Frozen, Operation, SignatureScheme
from generator.layers.docs.neighbours import find_counterparts
from generator.layers.docs.page_paths import Place, Places
from generator.layers.docs.prose import one_line
from generator.layers.docs.samples import MULTIPART, body_text, files, sample, text_of
from generator.layers.docs.signers import deliveries, describe_signer, request_scheme
from generator.signing import scheme_of
from generator.signing.explanation import DIFFERENCES, USUAL_CAUSES

_RECEIVER = "https://receiver.example"


def workbench_data(apis: tuple[Api, ...], found: tuple[Place, ...]) -> Mapping[str, object]:
    """The data of all signed operations, by the place of their page, and of all signed deliveries."""
    newest = sorted(apis, key=lambda api: api.deprecated)
    signed = Places(place for api in newest for place in found if place.api is api and place.operation.signed)
    return {
        "versions": {name: version for api in newest for name, version in _versions(api)},
        "operations": {
            **{workbench_name(place): _operation(signed, place) for place in signed},
            **{name: delivery for api in newest for name, delivery in _deliveries(api)},
        },
        "usual": list(USUAL_CAUSES),
        "differences": DIFFERENCES,
    }


def workbench_name(place: Place) -> str:
    """The name of an operation in this data, such as `v3/exams/create`."""
    return place.path.removesuffix(".md")


def _versions(api: Api) -> Iterator[tuple[str, Mapping[str, object]]]:
    """A version for its requests, and one for each scheme of its deliveries."""
    scheme = request_scheme(api)
    if scheme is not None:
        yield api.name, _version(api, scheme)
    rest: Mapping[str, object] = {"scheme": None, "base": _RECEIVER, "headers": [], "token": None, "is_delivery": True}
    for name, delivering in {_delivery_name(api, one): one for one, _ in deliveries(api)}.items():
        yield name, {**describe_signer(delivering), **rest}


def _version(api: Api, scheme: SignatureScheme) -> Mapping[str, object]:
    placeholders = dict.fromkeys(p.name for operation in api.operations for p in operation.in_("path"))
    return {
        **describe_signer(scheme),
        "scheme": asdict(scheme_of(api.signing)) if api.signing else None,
        "base": api.servers[0].url.rstrip("/") if api.servers else api.base_path,
        "headers": [["Accept", api.accept]] if api.accept else [],
        "token": {"header": api.token.header, "format": api.token.format} if api.token else None,
        "names": list(placeholders),
        "is_delivery": False,
    }


def _delivery_name(api: Api, scheme: SignatureScheme) -> str:
    return f"{api.name}, deliveries ({scheme.scheme})"


def _deliveries(api: Api) -> Iterator[tuple[str, Mapping[str, object]]]:
    for scheme, webhook in deliveries(api):
        title = one_line(webhook.summary or webhook.id)
        described = _describe(api, webhook, title)
        version = _delivery_name(api, scheme)
        yield f"{api.name}/deliveries/{scheme.scheme}/{webhook.id}", {**described, "version": version, "path": "/"}


def _operation(signed: Places, place: Place) -> Mapping[str, object]:
    counterparts = {name: workbench_name(other) for name, other in find_counterparts(signed, place).items()}
    return {**_describe(place.api, place.operation, place.title), "counterparts": counterparts}


def _describe(api: Api, operation: Operation, title: str) -> Mapping[str, object]:
    values = sample(api, operation)
    media = operation.body.media_types[0] if operation.body else ""
    body = values.body if isinstance(values.body, Mapping) else {}
    unsigned = files(operation) if media.startswith(MULTIPART) else frozenset()
    return {
        "version": api.name,
        "title": title,
        "method": operation.method,
        "path": operation.path,
        "base": api.base_path,
        "ids": _texts(values.path),
        "query": _texts(values.query),
        "media": media,
        "files": _texts({name: value for name, value in body.items() if name in unsigned}),
        "body": body_text(media, {name: value for name, value in body.items() if name not in unsigned})
        if media
        else "",
    }


def _texts(values: Mapping[str, Frozen]) -> Mapping[str, str]:
    return {name: text_of(value) for name, value in values.items()}
