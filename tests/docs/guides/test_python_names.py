"""The page of the client's public names: each name, each signature, and the exceptions of each operation."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

import procwise
from procwise import errors, signing
from procwise.v3 import Client
from tests.docs.test_reference import read_operations
from tests.spec import read_documents

TEXT = (Path(__file__).parents[3] / "generated/client/REFERENCE.md").read_text(encoding="utf-8")
CALLS = dict(re.findall(r"```python\nclient\.([\w.]+)(\(.*?)\n```\n\n(?=[A-Z])", TEXT, re.DOTALL))
CLIENT = Client(base_url="http://127.0.0.1:1", token="a", secret_key="b")
METHODS = [
    f"{resource}.{name}"
    for resource in vars(Client)
    if not resource.startswith("_")
    for name in vars(type(getattr(CLIENT, resource)))
    if not name.startswith("_") and name != "with_raw_response"
]


def test_every_public_name_has_its_entry() -> None:
    names = {name for name in procwise.__all__ if not isinstance(getattr(procwise, name), ModuleType)}
    headings = {*re.findall(r"^### `(\w+)`$", TEXT, re.MULTILINE)}
    rows = {*re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)}
    assert rows == {*errors.__all__}
    assert names - rows <= headings
    functions = {name for name in signing.__all__ if inspect.isfunction(getattr(signing, name))}
    assert functions <= headings


def test_every_method_has_its_entry() -> None:
    assert {*CALLS} == {*METHODS}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_printed_with_its_arguments(name: str) -> None:
    resource, _, method = name.partition(".")
    own = inspect.signature(getattr(getattr(CLIENT, resource), method))
    printed = ast.parse(f"def f{CALLS[name].partition(' -> ')[0]}: ...").body[0]
    assert isinstance(printed, ast.FunctionDef)
    arguments = [*printed.args.posonlyargs, *printed.args.args, *printed.args.kwonlyargs]
    assert [argument.arg for argument in arguments] == [one for one in own.parameters if one != "call_options"]


def test_the_exceptions_of_an_operation_are_those_of_its_statuses() -> None:
    tried = 0
    for operation in read_operations(read_documents()):
        client = operation.value["x-client"]
        name = f"{client['resource']}.{client['method']}"
        if operation.api == "v3" and name in CALLS:
            sentence = TEXT.partition(f"client.{name}(")[2].partition("```\n\n")[2].partition("\n")[0]
            raised = {*re.findall(r"`(\w+Error)`", sentence.partition(" Raises ")[2])}
            assert raised == {
                errors.BY_STATUS[int(one)].__name__
                for one in operation.value["responses"]
                if int(one) in errors.BY_STATUS
            }
            tried += 1
    assert tried == sum(one.api == "v3" for one in read_operations(read_documents()))


def test_each_entry_has_one_sentence_at_the_most() -> None:
    sentences = re.findall(
        r"^[A-Z0-9][^|`\n#]*\.(?= [A-Z])", TEXT.partition("## Exceptions")[0].partition("###")[2], re.MULTILINE
    )
    assert sentences == []
