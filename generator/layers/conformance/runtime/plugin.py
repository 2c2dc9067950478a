"""The pytest plugin: the options of a run, its reports, and what processes tell one another at its end.

Nothing here loads the suite: every pytest session of a project that installs it loads this module.
"""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .settings import Settings

HANDED = "conformance"
_OF_PROCESSES = ("url", "units", "until")  # said by the run that starts them
_BOOLEANS = {"true": True, "false": False}
_TOLD = pytest.StashKey[list[dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """An option for each setting, such as `--conformance-url`."""
    group = parser.getgroup("conformance", "does a server do what the API description says?")
    group.addoption("--conformance-url", default="", metavar="URL", help="the server, such as http://127.0.0.1:8080")
    group.addoption(
        "--conformance-option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the command, such as api=v3, seed=7 or profile=read-only; may be repeated",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that make no sense before anything is collected; get ready to report."""
    settings = asked(config) if config.getoption("--conformance-option") else None
    if config.getoption("--conformance-url") and not hasattr(config, "workerinput"):
        from .reporting import report_at_the_end

        versions = import_module(".versions", __package__)
        report_at_the_end(config, settings or asked(config), versions.APIS, versions.CURRENT)


def asked(config: pytest.Config) -> Settings:
    """The settings that the options of pytest say."""
    from .settings import Settings

    usual = Settings()
    kinds: dict[str, type] = {field.name: _kind(getattr(usual, field.name)) for field in fields(Settings)}
    values: dict[str, Any] = {"url": config.getoption("--conformance-url")}
    for text in config.getoption("--conformance-option"):
        name, _, value = text.partition("=")
        if name == "workers":
            raise pytest.UsageError(f"--conformance-option {text}: pytest-xdist shares the items: say -n {value}")
        name = name.replace("-", "_")
        if name not in kinds:
            known = ", ".join(kind.replace("_", "-") for kind in kinds if kind not in _OF_PROCESSES)
            raise pytest.UsageError(f"--conformance-option {text}: there is no {name}; known: {known}")
        values[name] = _read(text, kinds[name], value)
    return Settings(**values)


def _kind(usual: object) -> type:
    return str if usual is None else type(usual)


def _read(text: str, kind: type, value: str) -> Any:
    try:
        return _BOOLEANS[value.lower()] if kind is bool else kind(value)
    except KeyError:
        wrong = "neither true nor false"
    except ValueError:
        wrong = "no number"
    raise pytest.UsageError(f"--conformance-option {text}: {value!r} is {wrong}")


def hand_on(config: pytest.Config, told: dict[str, Any]) -> None:
    """Keep what a process tells at its end for `pytest_sessionfinish`, and for who asks for it with `told_by`."""
    config.stash.setdefault(_TOLD, []).append(told)


def told_by(config: pytest.Config) -> list[dict[str, Any]]:
    """What processes told."""
    return config.stash.get(_TOLD, [])


def handed(config: pytest.Config) -> list[str] | None:
    """What the process that started this one knows of the users; nothing where this one is the only one."""
    told: dict[str, Any] | None = getattr(config, "workerinput", None)
    return None if told is None else told[HANDED]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist sends what it knows to the process that started it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[HANDED] = told_by(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The other end of it."""
    for told in getattr(node, "workeroutput", {}).get(HANDED, []):
        hand_on(node.config, told)
