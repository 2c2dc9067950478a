"""The program: descriptions in, layers out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from generator import generation, layers
from generator.diff import Policy
from generator.errors import SpecError, SpecErrors, ToolkitError
from generator.generation import Order, list_drift, list_warnings, summarize
from generator.ir import Api, Project, SignatureScheme, thaw
from generator.lint import findings
from generator.load import load
from generator.lower import lower
from generator.release.journal import Busy, recover

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="From one OpenAPI description to the client, sandbox, conformance suite and docs of a signed API.",
)
messages = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


class Format(StrEnum):
    """How differences are printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    GITHUB = "github"
    HTML = "html"


Specs = Annotated[list[Path], typer.Option("--spec", help="A description, or a folder of them. May be repeated.")]
Out = Annotated[Path, typer.Option("--out", help="The folder that generated/ and docs/ are written into.")]
Names = Annotated[list[str], typer.Option("--layer", help="Only this layer. May be repeated.")]
Printed = Annotated[Format, typer.Option("--format", help="For a terminal, a program or a changelog.")]
Compared = Annotated[
    list[Path], typer.Argument(metavar="OLD NEW", help="The description, or a folder of them, before and after.")
]
From = Annotated[str, typer.Option("--from", metavar="REVISION", help="Take OLD from this revision of git.")]
For = Annotated[Policy, typer.Option("--policy", help="Whether programs fail at values that they do not know.")]
Overlays = Annotated[list[Path], typer.Option("--overlay", help="An OpenAPI Overlay to apply first. May be repeated.")]
Asked = Annotated[
    list[str],
    typer.Option("--version", metavar="[API=]VERSION", help="A later version, of the packages or of one description."),
]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 if anything would change.")]


@app.command()
def generate(
    spec: Specs = [Path("spec")],  # noqa: B006  # typer reads the default, nobody changes it
    out: Out = Path(),
    layer: Names = [],  # noqa: B006
    overlay: Overlays = [],  # noqa: B006
    check: Check = False,
    watch: Annotated[bool, typer.Option("--watch", help="Write anew after every change, until Ctrl-C.")] = False,
) -> None:
    """Write every layer from the description, or report with --check what would change."""
    if check and watch:
        raise ToolkitError("--check writes nothing and --watch goes on writing (choose one of them)")
    order = Order(specs=tuple(spec), overlays=tuple(overlay), layers=_choose_layers(layer), out=out)
    if watch:
        generation.keep_generated(order, _print_line)
    with _progress() as step:
        outcome = generation.generate(order, step, check=check)
    if check and outcome.drift:
        print("\n".join(list_drift(outcome.drift)))
        messages.print("the generated files differ from the description (run `procwise-toolkit generate`)")
        raise typer.Exit(1)
    for line in () if check else list_warnings(order, outcome):
        _print_line(line)
    _print_line(summarize(outcome))


@app.command()
def lint(
    path: Annotated[list[Path], typer.Argument(help="A description, or a folder of them.")] = [Path("spec")],  # noqa: B006
    overlay: Overlays = [],  # noqa: B006
) -> None:
    """Report every fault of a description, and what does not follow the house rules, with file, line and hint."""
    try:
        documents = load(path, overlay)
        project = lower(documents)
        if found := tuple(findings(path, documents)):
            raise SpecErrors(found)
    except SpecErrors as error:
        _print_faults(error)
        raise typer.Exit(1) from None
    count = sum(len(api.operations) for api in project.apis)
    messages.print(f"no faults in {count} operations of {len(project.apis)} description(s)")


@app.command()
def diff(
    paths: Compared = [],  # noqa: B006
    from_: From = "",
    policy: For = Policy.STRICT,
    format_: Printed = Format.TEXT,
    overlay: Overlays = [],  # noqa: B006
) -> None:
    """Report what changed, whether it breaks callers (exit code 1), and the version to publish."""
    from generator.compare import compare  # each command imports what it alone needs: some of it takes a second
    from generator.reports import REPORTS

    if len(paths) > 1 if from_ else len(paths) != 2:
        raise ToolkitError("diff takes two descriptions, OLD and NEW, or --from REVISION and at most one")
    old, new = (paths or [Path("spec")])[0], (paths or [Path("spec")])[-1]
    found = compare(old, new, policy, from_, overlay)
    _print_unhindering(found.faults)
    print(REPORTS[format_](found.differences))
    if any(difference.bump == "major" for difference in found.differences):
        raise typer.Exit(1)


@app.command()
def release(
    write: Annotated[bool, typer.Option("--write", help="Write it; without this it is only shown.")] = False,
    check: Check = False,
    version: Asked = [],  # noqa: B006
    day: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of the release; today.")] = "",
) -> None:
    """Show or write the next release of this checkout, or check that its versions say what changed."""
    from generator.release.options import read_day, read_versions
    from generator.release.plan import plan_release
    from generator.release.writing import show_plan, show_versions, write_release

    root = Path()
    if check:
        _check_versions(root)
        return
    asked, on = read_versions(version), read_day(day)
    with _progress() as step:
        plan = plan_release(root, asked, on, step)
    if plan is None:
        messages.print("nothing changed since the last release (name a --version to release all the same)")
    elif write:
        write_release(root, plan)
        print("\n".join(show_versions(plan)))
        messages.print(
            f"{len(plan.edit.list_paths())} files written; run `make check test`, commit, and tag the commit"
        )
    else:
        print("\n".join(show_plan(root, plan)))
        messages.print("nothing was written (run it with --write)")


@app.command()
def sign(
    secret_env: Annotated[str, typer.Option(help="The environment variable that holds the secret key.")],
    api: Annotated[str, typer.Option(help="The version whose scheme is used; the current one if left out.")] = "",
    spec: Specs = [Path("spec")],  # noqa: B006
    overlay: Overlays = [],  # noqa: B006
    scheme: Annotated[str, typer.Option(help="The security scheme; the first one that signs if left out.")] = "",
    credential: Annotated[
        list[str], typer.Option(metavar="NAME=VARIABLE", help="The variable of another credential. May be repeated.")
    ] = [],  # noqa: B006
    setting: Annotated[
        list[str], typer.Option(metavar="NAME=TEXT", help="A setting of the scheme. May be repeated.")
    ] = [],  # noqa: B006
) -> None:
    """Print what is signed and the signature of the JSON object on standard input.

    The object holds parameters, or, if a scheme signs whole requests, method, url, headers and body.
    """
    from generator.layers.client.runtime._cli.sign import read_object, read_secret, write_signature
    from generator.layers.client.runtime._cli.streams import CannotRun, read_input, write_data
    from generator.signing import scheme_of

    chosen, signer = _choose_scheme(lower(load(spec, overlay)), api, scheme)
    try:
        variables = {**dict(_read_pairs(credential)), "secret_key": secret_env}
        given = {name: read_secret(variable, os.environ.get(variable)) for name, variable in variables.items()}
        content = read_object(read_input())
        if chosen.signing is not None and chosen.signing.scheme == signer.scheme:
            write_data(write_signature(scheme_of(chosen.signing), content, given["secret_key"]))
        else:
            write_data(_write_signed(signer, content, given, dict(_read_pairs(setting))))
    except (CannotRun, ValueError) as error:
        hint = " (pass it by --credential or --setting)" if str(error).endswith("is missing") else ""
        raise ToolkitError(f"{error}{hint}") from None


def _check_versions(root: Path) -> None:
    """A fault for each version that is lower than what changed since the last release asks for."""
    from generator.release.check import list_faults
    from generator.release.since import compare_with_release

    since = compare_with_release(root)
    if found := tuple(list_faults(since)):
        _print_faults(SpecErrors(found))
        raise typer.Exit(1)
    said = ", ".join(f"{name} {one.text}" for name, one in since.written.items())
    messages.print(f"{said} and packages {since.packages.text} are enough after the release of {since.released}")


def _choose_scheme(project: Project, api: str, scheme: str) -> tuple[Api, SignatureScheme]:
    """The version, the current one if it is not named, and its scheme, the first one if it is not named."""
    chosen = next((one for one in project.apis if one.name == api), None) if api else project.current
    schemes = [one for one in chosen.signature_schemes if scheme in ("", one.scheme)] if chosen else []
    if chosen is None or not schemes:
        known = ", ".join(one.name for one in project.apis if one.signature_schemes)
        raise ToolkitError(f"no signing scheme for {scheme or api or 'this description'} (known: {known or 'none'})")
    return chosen, schemes[0]


def _write_signed(
    scheme: SignatureScheme, content: dict[str, object], credentials: dict[str, str], settings: dict[str, str]
) -> str:
    """A request that is signed as a whole, as JSON."""
    from generator.signing.language import read_scheme
    from generator.signing.one_request import read_unsigned, sign_unsigned

    language = read_scheme(thaw(scheme.value))  # type: ignore[arg-type]  # a mapping stays a mapping
    signed = sign_unsigned(language, read_unsigned(content), credentials, settings)
    return json.dumps(signed, ensure_ascii=False, indent=2) + "\n"


def _read_pairs(pairs: list[str]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise ToolkitError(f"{pair!r} has no name and no text (write NAME=TEXT)")
        yield name, text


def run() -> None:
    """Run the command; a user's mistake is one clear message and exit code 2."""
    try:
        _recover(Path())
        app()
    except SpecErrors as error:
        _print_faults(error)
        sys.exit(2)
    except ToolkitError as error:
        messages.print(f"procwise-toolkit: {error}", style="red")
        sys.exit(2)


def _recover(root: Path) -> None:
    """Take back a release that was killed together with the process that watched it."""
    try:
        if recover(root):
            messages.print("a release that was broken off has been taken back")
    except Busy as error:
        raise ToolkitError(str(error.strerror)) from None
    except OSError as error:
        why = f"{error.filename}: a release that was broken off cannot be taken back: {error.strerror}"
        raise ToolkitError(f"{why} (check rights and space, and run any command again)") from None


def _choose_layers(asked: list[str]) -> tuple[layers.Layer, ...]:
    known = layers.names()
    for name in asked:
        if name not in known:
            raise ToolkitError(f"there is no layer {name!r} (there are: {', '.join(known)})")
    return tuple(layers.load(name) for name in known if not asked or name in asked)


def _print_line(line: str) -> None:
    messages.print(line, style="yellow" if line.startswith("warning: ") else None)


def _print_unhindering(faults: Iterable[SpecError]) -> None:
    """Faults that a comparison does not mind: how many in each file, with the first as an example."""
    by_file: dict[str, list[SpecError]] = {}
    for fault in faults:
        by_file.setdefault(fault.file, []).append(fault)
    for file, found in by_file.items():
        messages.print(f"{file}: compared in spite of {len(found)} fault(s), such as: {found[0]}")


def _print_faults(error: SpecErrors) -> None:
    for fault in error.faults:
        messages.print(str(fault))
    messages.print(f"{len(error.faults)} fault(s)", style="red")


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A spinner on a terminal, silence elsewhere."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=messages, transient=True, disable=not messages.is_terminal) as progress:
        task = progress.add_task("")
        yield lambda text: progress.update(task, description=text)
