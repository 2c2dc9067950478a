"""The client: openapi-python-client's codec, our own facade over it, and the runtime that both use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import signing
from generator.errors import LayerError
from generator.ir import Api, Project
from generator.layers.client.codec import codec
from generator.layers.client.codes import code_members
from generator.layers.client.columns import column_classes
from generator.layers.client.commands import VersionCommands, version_commands
from generator.layers.client.flavors import FLAVORS
from generator.layers.client.metadata import CLASSIFIERS, list_links
from generator.layers.client.readme import example
from generator.layers.client.reference import reference
from generator.layers.client.resources import Resource, resources
from generator.layers.client.runtime._errors import exceptions
from generator.layers.client.service import service_of
from generator.layers.client.signatures import exports, lazy_names, render_signing_package
from generator.layers.client.statuses import Status, statuses
from generator.templates import Templates
from generator.tree import File, copy_tree

OUTPUT = "generated/client"
_HERE = Path(__file__).parent
_SIGNING = Path(signing.__file__).parent
_GENERAL = tuple(
    name
    for name, value in vars(exceptions).items()
    if isinstance(value, type) and issubclass(value, exceptions.ProcwiseError)
)


def render(project: Project) -> Iterator[File]:
    """The package: its runtime, then each version, then the modules that import them."""
    files = list(_package_files(project))
    yield from files
    yield File(f"{OUTPUT}/REFERENCE.md", reference(project, files, f"{OUTPUT}/{project.client}"))


def _package_files(project: Project) -> Iterator[File]:
    package = f"{OUTPUT}/{project.client}"
    templates = Templates(_HERE / "templates")
    runtime = [*copy_tree(_HERE / "runtime", package), *_copy_signing_modules(package)]
    _check_names(project, package, runtime)
    yield from runtime
    current: tuple[Resource, ...] = ()
    for api in project.apis:
        api_codec = codec(api)
        yield from (File(f"{package}/{api.name}/{file.path}", file.text) for file in api_codec.files)
        version_resources = resources(project, api, api_codec)
        yield from _version(templates, f"{package}/{api.name}", project, api, version_resources)
        yield from _commands(
            templates, f"{package}/{api.name}/commands", version_commands(project, api, version_resources)
        )
        current = version_resources if api is project.current else current
    yield from _package(templates, package, project, statuses(project, _GENERAL))
    known = {"classifiers": CLASSIFIERS, "links": tuple(list_links(project))}
    yield File(f"{OUTPUT}/pyproject.toml", templates.render("pyproject.toml.j2", project=project, **known))
    program = example(project, current)
    yield File(f"{OUTPUT}/README.md", templates.render("README.md.j2", project=project, example=program))


def _version(
    templates: Templates, folder: str, project: Project, api: Api, version_resources: tuple[Resource, ...]
) -> Iterator[File]:
    columns = list(dict.fromkeys(column_classes(api).values()))
    submodules = (*(["columns"] if columns else []), "models", *(["signing"] if api.signing else []))
    classes = _classes(api)
    names = (*(name for name, _ in classes), *submodules)
    text = templates.render("version.py.j2", api=api, submodules=submodules, classes=classes, names=names)
    yield File(f"{folder}/__init__.py", text)
    yield File(f"{folder}/client.py", templates.render("client.py.j2", api=api, resources=version_resources))
    yield File(f"{folder}/service.py", templates.render("service.py.j2", api=api, service=service_of(project, api)))
    text = templates.render("resources.py.j2", resources=version_resources)
    yield File(f"{folder}/resources/__init__.py", text)
    for resource in version_resources:
        text = templates.render("resource.py.j2", api=api, resource=resource, flavors=FLAVORS)
        yield File(f"{folder}/resources/{resource.name}.py", text)
    if columns:
        yield File(f"{folder}/columns.py", templates.render("columns.py.j2", api=api, classes=columns))
    if api.errors:
        yield File(f"{folder}/codes.py", templates.render("codes.py.j2", api=api, members=code_members(api)))
    if names := exports(api):
        yield File(
            f"{folder}/signing.py",
            templates.render("version_signing.py.j2", api=api, exports=names, lazy=lazy_names(names)),
        )


def _commands(templates: Templates, folder: str, version: VersionCommands) -> Iterator[File]:
    yield File(f"{folder}/__init__.py", templates.render("commands.py.j2", version=version))
    for group in version.groups:
        text = templates.render("resource_commands.py.j2", api=version.api, group=group)
        yield File(f"{folder}/{group.resource.name}.py", text)


def _copy_signing_modules(package: str) -> Iterator[File]:
    """The modules of the toolkit's own signing package, but for the one that knows the model."""
    for file in copy_tree(_SIGNING, f"{package}/signing"):
        if file.path != f"{package}/signing/__init__.py":
            yield file


def _classes(api: Api) -> tuple[tuple[str, str], ...]:
    """The classes that a version exports, with their modules."""
    clients = (("AsyncClient", "client"), ("Client", "client"))
    return (*clients, ("ErrorCode", "codes")) if api.errors else clients


def _package(templates: Templates, package: str, project: Project, documented: tuple[Status, ...]) -> Iterator[File]:
    current = project.current
    submodules = ("errors", *(("signing",) if current.signature_schemes else ()), *(api.name for api in project.apis))
    text = templates.render(
        "package.py.j2",
        title=current.title,
        current=current.name,
        version=project.version,
        submodules=submodules,
        classes=tuple(name for name, _ in _classes(current)),
        errors=(*_GENERAL, *(status.name for status in documented)),
    )
    yield File(f"{package}/__init__.py", text)
    versions = (current, *(api for api in project.apis if api is not current))
    yield File(f"{package}/__main__.py", templates.render("__main__.py.j2", project=project, versions=versions))
    yield File(f"{package}/errors.py", templates.render("errors.py.j2", general=_GENERAL, statuses=documented))
    yield from render_signing_package(templates, f"{package}/signing", project)


def _check_names(project: Project, package: str, runtime: list[File]) -> None:
    """A version is a module of the package and of its signing package: its name must be free in both."""
    paths = [Path(file.path).relative_to(package) for file in runtime]
    taken = {"errors", *(Path(path.parts[0]).stem for path in paths)}
    taken |= {path.stem for path in paths if path.parts[0] == "signing"}
    for api in project.apis:
        if api.name in taken:
            raise LayerError(
                f"a version cannot be called {api.name}: the client has a module of that name (rename its folder)"
            )
