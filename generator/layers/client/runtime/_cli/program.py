"""The program: resources, versions, and the commands of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from .._errors.exceptions import APIStatusError, JobFailed, ProcwiseError, ServerError, TooManyRequestsError
from .builtin_commands import add_own_commands
from .commands import make_function, write_help
from .declarations import Command, Group, Program, Version
from .streams import CannotRun, drop_unwritten, print_message

NO, FAILED = 1, 2
_PLAIN: dict[str, Any] = {
    "add_completion": False,
    "no_args_is_help": True,
    "pretty_exceptions_enable": False,  # a traceback with the values of variables would show secrets
    "rich_markup_mode": None,  # texts of the description are no markup
}


def run(program: Program, arguments: Sequence[str] | None = None) -> None:
    """Run the command line: 0 is fine, 1 means that the answer is no, 2 that it could not run."""
    try:
        build_application(program)(args=arguments, prog_name=program.name)
    except CannotRun as error:
        print_message(f"{program.name}: {error}")
        sys.exit(FAILED)
    except ProcwiseError as error:
        print_message(f"{program.name}: {error}")
        sys.exit(_choose_code(error))
    except OSError as error:  # a full disk, usually
        if sys.stdout is not None:
            drop_unwritten(sys.stdout)
        place = error.filename or "standard output"
        print_message(f"{program.name}: {place}: {error.strerror or type(error).__name__}")
        sys.exit(FAILED)


def build_application(program: Program) -> typer.Typer:
    """The whole command line; the commands of a resource are made when they are asked for."""
    groups: dict[str, Callable[[], Any]] = {
        version.name: partial(_make_version, program, version) for version in program.versions
    }
    groups |= _load_groups(program, program.current)
    about = f"{program.current.title} from the command line. Without a version, {program.current.name} is meant."
    app = typer.Typer(**{**_PLAIN, "add_completion": True}, cls=_make_lazy(groups), help=about)
    add_own_commands(app, program)
    return app


def _load_groups(program: Program, version: Version) -> dict[str, Callable[[], Any]]:
    return {group.name: partial(_make_group, program, version, group) for group in version.groups}


def _make_version(program: Program, version: Version) -> Any:
    about = f"The commands of {version.title} {version.name}."
    return _finish_group(typer.Typer(**_PLAIN, cls=_make_lazy(_load_groups(program, version)), help=about))


def _make_group(program: Program, version: Version, group: Group) -> Any:
    about = f"The operations of {group.attribute} in {version.name}."
    commands = {command.name: partial(_make_command, program, version, group, command) for command in group.load()}
    return _finish_group(typer.Typer(**_PLAIN, cls=_make_lazy(commands), help=about))


def _make_command(program: Program, version: Version, group: Group, command: Command) -> Any:
    app = typer.Typer(**{**_PLAIN, "no_args_is_help": False})
    short = f"(Deprecated) {command.summary}" if command.notice else command.summary
    function = make_function(program, version, group, command)
    app.command(command.name, help=write_help(command), short_help=short)(function)
    return get_command(app)


def _finish_group(app: typer.Typer) -> Any:
    app.callback()(_do_nothing)
    return get_command(app)


def _do_nothing() -> None:
    """A group needs a function, and this one has nothing to do before its commands."""


def _make_lazy(loaders: Mapping[str, Callable[[], Any]]) -> type[TyperGroup]:
    """A group whose commands are made when they are asked for, besides those of its own."""

    class LazyGroup(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return [*loaders, *super().list_commands(ctx)]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name in loaders:
                return loaders[cmd_name]()
            return super().get_command(ctx, cmd_name)

    return LazyGroup


def _choose_code(error: ProcwiseError) -> int:
    """1 if the server or a job said no, 2 if there is no response."""
    if isinstance(error, ServerError | TooManyRequestsError):
        return FAILED
    return NO if isinstance(error, APIStatusError | JobFailed) else FAILED
