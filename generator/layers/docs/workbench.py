"""What the signing workbench needs of the descriptions: schemes, operations with an example each, usual mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from generator.ir import Api, Frozen
from generator.layers.docs.places import Place
from generator.layers.docs.samples import MULTIPART, files, json_block, sample, text_of
from generator.signing import scheme_of
from generator.signing.explanation import USUAL_CAUSES


def workbench_data(apis: tuple[Api, ...], found: tuple[Place, ...]) -> Mapping[str, object]:
    """The data of all signed operations, by the place of their page."""
    signed = [place for place in found if place.operation.signed and place.api.signing]
    return {
        "versions": {api.name: _version(api) for api in apis if api.signing},
        "operations": {workbench_name(place): _operation(place) for place in signed},
        "usual": list(USUAL_CAUSES),
    }


def workbench_name(place: Place) -> str:
    """The name of an operation in this data, such as `v3/exams/create`."""
    return place.path.removesuffix(".md")


def _version(api: Api) -> Mapping[str, object]:
    placeholders = dict.fromkeys(p.name for operation in api.operations for p in operation.in_("path"))
    return {
        "scheme": asdict(scheme_of(api.signing)) if api.signing else {},
        "base": api.servers[0].url.rstrip("/") if api.servers else api.base_path,
        "headers": [["Accept", api.accept]] if api.accept else [],
        "token": {"header": api.token.header, "format": api.token.format} if api.token else None,
        "names": list(placeholders),
    }


def _operation(place: Place) -> Mapping[str, object]:
    api, operation = place.api, place.operation
    values = sample(api, operation)
    media = operation.body.media_types[0] if operation.body else ""
    body = values.body if isinstance(values.body, Mapping) else {}
    unsigned = files(operation) if media.startswith(MULTIPART) else frozenset()
    return {
        "version": api.name,
        "title": place.title,
        "method": operation.method,
        "path": operation.path,
        "base": api.base_path,
        "ids": _texts(values.path),
        "query": _texts(values.query),
        "media": media,
        "body": json_block({name: value for name, value in body.items() if name not in unsigned}).text if media else "",
    }


def _texts(values: Mapping[str, Frozen]) -> Mapping[str, str]:
    return {name: text_of(value) for name, value in values.items()}
