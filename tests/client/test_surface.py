"""The public names, the likeness of the two clients, and how light the import is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import pytest

import procwise
from procwise import errors, signing
from tests.spec import read_apis

RESOURCES = {
    "v3": {
        "attachments": ["create", "destroy", "list", "show"],
        "documents": ["create", "destroy", "list", "replace", "show", "update"],
        "exams": [
            "add_comanager", "add_student", "create", "delete_student", "destroy", "documents_zip_status",
            "download_documents_zip", "generate_documents_zip", "index_students", "list", "remove_comanager", "replace",
            "send_emails", "show", "show_lti_student", "show_student", "update",
        ],
        "identity_providers": ["list"],
        "institutes": ["create", "destroy", "list", "replace", "show", "update"],
        "lti_resources": ["create", "destroy", "list", "replace", "show", "update"],
        "student_sessions": [
            "assign_proctor", "create", "destroy", "destroy_face_photo", "destroy_id_card", "end_exam", "face_photo",
            "list", "list_for_exam", "replace", "show", "unassign_proctor", "update",
        ],
        "tool_providers": ["create", "destroy", "list", "replace", "show", "update"],
        "users": ["create", "destroy", "list", "replace", "show", "update"],
    },
    "v1": {
        "exams": [
            "add_student", "add_to_proctor_pool", "create", "destroy", "list", "list_proctor_pool",
            "remove_from_proctor_pool", "replace", "send_emails", "show", "show_student", "update",
        ],
        "student_sessions": ["create", "destroy", "list", "list_for_exam", "replace", "show", "update"],
        "users": ["list"],
    },
}  # fmt: skip


DERIVED = {("v3", "exams"): ["documents_zip", "resume_documents_zip"]}
OWN_ARGUMENTS = ("to", "call_options", "progress", "cancel", "resume", "handle")


def public(owner: object) -> list[str]:
    return sorted(name for name in dir(owner) if not name.startswith("_"))


def test_public_names() -> None:
    assert sorted(procwise.__all__) == [
        "APIStatusError", "AsyncClient", "Attempt", "CallOptions", "Cancelled", "Client", "ClientClosed",
        "ConnectionFailed",
        "CredentialsMissing", "Deviation",
        "DownloadDamaged", "DriftWarning",
        "ErrorCode", "FileNotWritten", "ForbiddenError", "Hooks", "InvalidArgument", "JobFailed", "JobTimedOut",
        "LockedError",
        "NotFoundError", "OutcomeUnknown", "ProcwiseError", "Progress", "Response",
            "ResponseDamaged", "ResponseDeviates",
        "ResponseTooLarge",
        "RetryPolicy", "ServerError", "Settings", "SetupFailed", "TimedOut", "TooManyRequestsError", "UNSET",
        "UnauthorizedError", "UnexpectedAnswer", "UnprocessableContentError",
        "Unset", "Upload", "Uploadable", "WrongBaseUrl", "errors", "signing", "v1", "v3",
    ]  # fmt: skip
    assert sorted(signing.__all__) == [
        "Explanation",
        "REQUEST_SCHEME",
        "Request",
        "SCHEME",
        "Scheme",
        "SignatureRefused",
        "SigningError",
        "SigningScheme",
        "Verified",
        "base_string",
        "explain",
        "request_of",
        "sign",
        "sign_request",
        "verify_request",
    ]
    assert all(getattr(procwise, name) is not None for name in procwise.__all__)
    assert procwise.Client is procwise.v3.Client
    assert procwise.ErrorCode is procwise.v3.ErrorCode
    with pytest.raises(AttributeError, match="nothing"):
        procwise.nothing  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("version", sorted(RESOURCES))
def test_resources_and_their_methods(version: str) -> None:
    module = getattr(procwise, version)
    client = module.Client(token="abcd", secret_key="k", base_url="http://localhost")
    names = sorted(name for name, value in vars(module.Client).items() if isinstance(value, cached_property))
    assert names == sorted(RESOURCES[version])
    for name, methods in RESOURCES[version].items():
        derived = DERIVED.get((version, name), [])
        assert public(getattr(client, name)) == sorted([*methods, *derived, "with_raw_response"])


@pytest.mark.parametrize("version", sorted(RESOURCES))
def test_each_method_has_one_codec_module(version: str) -> None:
    folder = Path(getattr(procwise, version).__file__).parent / "api"
    modules = [path for path in folder.rglob("*.py") if path.name != "__init__.py"]
    assert len(modules) == sum(map(len, RESOURCES[version].values()))


@pytest.mark.parametrize("version", sorted(RESOURCES))
def test_the_async_client_is_the_same_but_awaited(version: str) -> None:
    module = getattr(procwise, version)
    sync = module.Client(token="abcd", secret_key="k", base_url="http://localhost")
    async_client = module.AsyncClient(token="abcd", secret_key="k", base_url="http://localhost")
    assert public(sync) == public(async_client)
    for name in RESOURCES[version]:
        ours, theirs = getattr(sync, name), getattr(async_client, name)
        assert public(ours) == public(theirs)
        for method in (one for one in public(ours) if one != "with_raw_response"):
            one, other = inspect.signature(getattr(ours, method)), inspect.signature(getattr(theirs, method))
            assert one.parameters == other.parameters
            result = str(other.return_annotation).replace("AsyncItems", "ItemList").replace("Async", "")
            assert str(one.return_annotation) == result
            assert getattr(ours, method).__doc__ == getattr(theirs, method).__doc__


@pytest.mark.parametrize("kind", ["Pager", "Job"])
def test_pagers_and_jobs_are_alike(kind: str) -> None:
    from procwise import jobs, pages

    module = pages if kind == "Pager" else jobs
    assert public(getattr(module, kind)) == public(getattr(module, f"Async{kind}"))


def test_every_module_without_an_underscore_is_public() -> None:
    names = {module.name for module in pkgutil.iter_modules(procwise.__path__) if not module.name.startswith("_")}
    assert names == {"errors", "jobs", "pages", "signing", "v1", "v3"}


def test_errors_name_the_module_that_users_import() -> None:
    for name in errors.__all__:
        assert getattr(errors, name).__module__ == "procwise.errors"


def test_importing_loads_next_to_nothing() -> None:
    program = "import procwise, sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    for heavy in ("httpx2", "anyio", "asyncio", "json", "dataclasses", "attr"):
        assert f"'{heavy}'" not in loaded


def test_every_module_says_what_it_is() -> None:
    import importlib

    for found in pkgutil.walk_packages(procwise.__path__, "procwise."):
        assert importlib.import_module(found.name).__doc__, found.name


@pytest.mark.parametrize("version", sorted(RESOURCES))
def test_every_docstring_lists_all_arguments(version: str) -> None:
    client = getattr(procwise, version).Client(token="abcd", secret_key="k", base_url="http://localhost")
    for name, methods in RESOURCES[version].items():
        for method in (getattr(getattr(client, name), one) for one in methods):
            section = re.search(r"^Args:\n((?:    .*\n)+)", inspect.getdoc(method) or "", re.MULTILINE)
            listed = re.findall(r"^    (\w+):", section[1] if section else "", re.MULTILINE)
            wanted = [one for one in inspect.signature(method).parameters if one not in OWN_ARGUMENTS]
            assert sorted(listed) == sorted(wanted), f"{name}.{method.__name__}"


def test_every_method_says_where_it_is_known_from() -> None:
    client = procwise.Client(token="abcd", secret_key="k", base_url="http://localhost")
    for name, methods in RESOURCES["v3"].items():
        for method in methods:
            assert "Source (" in getattr(getattr(client, name), method).__doc__
    assert "Source (documented): ProctorExam v3, overview; ProctorExam v3, exams/create." in (
        inspect.getdoc(client.exams.create) or ""
    )


@pytest.mark.parametrize("version", sorted(RESOURCES))
def test_no_docstring_prints_the_raw_name_of_a_source(version: str) -> None:
    raw = [entry.page for entry in read_apis()[version].source_titles]
    assert len(raw) > 4
    for module in pkgutil.iter_modules(importlib.import_module(f"procwise.{version}.resources").__path__):
        text = inspect.getsource(importlib.import_module(f"procwise.{version}.resources.{module.name}"))
        assert [name for name in raw if name in " ".join(text.split())] == [], module.name
