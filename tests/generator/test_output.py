"""What is written: checked both ways, nothing foreign touched, nothing half-written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import LayerError, OutputError
from generator.tree import HEADER, File, add_header, check_owned, drift, write as write_tree
from tests.generator.running import Run

Toolkit = Callable[..., Run]
GENERATE = ("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "openapi")


@pytest.fixture
def output(toolkit: Toolkit, write: Callable[..., Path], small: str, tmp_path: Path) -> Path:
    write("spec.yaml", small)
    assert toolkit(*GENERATE).code == 0
    return tmp_path / "out"


def test_the_bundle_is_the_description(output: Path, small: str) -> None:
    document = json.loads((output / "generated/openapi/spec.json").read_text("utf-8"))
    assert document.pop("x-generated") == HEADER
    assert document["paths"]["/things/{id}"]["get"]["operationId"] == "showThing"
    assert (output / "generated/openapi/spec.yaml").read_text("utf-8").startswith(f"# {HEADER}\n")


def test_check_sees_missing_changed_and_stale_files(toolkit: Toolkit, output: Path) -> None:
    assert toolkit(*GENERATE, "--check").code == 0
    folder = output / "generated/openapi"
    (folder / "old.json").write_text(f'{{"x-generated": "{HEADER}"}}')
    (folder / "spec.json").write_text(f'{{"x-generated": "{HEADER}", "edited": 1}}')
    (folder / "spec.yaml").unlink()
    before = sorted(folder.iterdir())
    run = toolkit(*GENERATE, "--check")
    assert run.code == 1
    assert run.out.splitlines() == [
        "missing: generated/openapi/spec.yaml",
        "changed: generated/openapi/spec.json",
        "stale: generated/openapi/old.json",
    ]
    assert sorted(folder.iterdir()) == before
    assert toolkit(*GENERATE).code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["spec.json", "spec.yaml"]
    assert toolkit(*GENERATE, "--check").code == 0


def test_foreign_files_are_neither_removed_nor_overwritten(toolkit: Toolkit, output: Path) -> None:
    foreign = output / "generated/openapi/notes.md"
    foreign.write_text("my notes")
    (output / "generated/openapi/spec.json").unlink()
    run = toolkit(*GENERATE)
    assert run.code == 2
    assert "out/generated/openapi/notes.md: not written by the generator" in run.err
    assert foreign.read_text() == "my notes"
    assert not (output / "generated/openapi/spec.json").exists()


def test_a_hand_written_file_in_the_place_of_a_generated_one(toolkit: Toolkit, output: Path) -> None:
    (output / "generated/openapi/spec.json").write_text("{}")
    run = toolkit(*GENERATE)
    assert (run.code, (output / "generated/openapi/spec.json").read_text()) == (2, "{}")


def test_nothing_is_written_when_the_description_has_faults(
    toolkit: Toolkit, output: Path, write: Callable[..., Path], small: str
) -> None:
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    write("spec.yaml", small.replace("title: Small", "title: Other").replace("in: path", "in: nowhere"))
    assert toolkit(*GENERATE).code == 2
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before


def test_a_place_that_cannot_be_written(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    write("spec.yaml", small)
    write("out", "a file, not a folder")
    run = toolkit(*GENERATE)
    assert run.code == 2
    assert "out: is in the way" in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize("blocked", ["generated", "generated/openapi", "generated/openapi/spec.json"])
def test_what_is_in_the_way_is_named_before_anything_is_written(
    toolkit: Toolkit, write: Callable[..., Path], small: str, tmp_path: Path, blocked: str
) -> None:
    write("spec.yaml", small)
    path = tmp_path / "out" / blocked
    if blocked.endswith(".json"):
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(parents=True)
        path.write_text("in the way")
    before = sorted((tmp_path / "out").rglob("*"))
    run = toolkit(*GENERATE)
    assert run.code == 2
    assert f"out/{blocked}: is in the way" in run.err
    assert sorted((tmp_path / "out").rglob("*")) == before


def test_a_link_is_not_followed(toolkit: Toolkit, write: Callable[..., Path], small: str, tmp_path: Path) -> None:
    write("spec.yaml", small)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/generated").mkdir(parents=True)
    (tmp_path / "out/generated/openapi").symlink_to(tmp_path / "elsewhere")
    run = toolkit(*GENERATE)
    assert (run.code, list((tmp_path / "elsewhere").iterdir())) == (2, [])


def test_what_is_left_when_a_replacement_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="No space left"):
        write_tree([add_header(File("a/x.py", "x = 1\n"))], tmp_path, ["a"])
    assert list(tmp_path.iterdir()) == []


def test_a_layer_stays_inside_its_folder() -> None:
    for path in ("elsewhere/x.py", "a/../../x.py", "/a/x.py"):
        with pytest.raises(LayerError, match="outside"):
            list(check_owned([File(path, "")], "a"))
    with pytest.raises(LayerError, match="twice"):
        list(check_owned([File("a/x.py", ""), File("a/x.py", "")], "a"))


@pytest.mark.parametrize("path", ["a.py", "a.md", "a.json", "a.css", "a.toml", "py.typed", "a.html"])
def test_every_kind_of_file_is_stamped_as_a_comment(path: str, tmp_path: Path) -> None:
    text = '{"a": 1}' if path.endswith("json") else ""
    file = add_header(File(f"out/{path}", text))
    assert HEADER in file.text[:200]
    write_tree([file], tmp_path, ["out"])
    assert not drift([file], tmp_path, ["out"])


def test_front_matter_stays_first() -> None:
    assert add_header(File("a.md", "---\ntitle: x\n---\n")).text == f"---\n# {HEADER}\ntitle: x\n---\n"


def test_a_kind_of_file_without_comments_is_refused() -> None:
    with pytest.raises(LayerError, match="no comment syntax"):
        add_header(File("a.png", ""))
