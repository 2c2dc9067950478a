"""What the modules of the tests depend on: imports, and the packages and paths that their texts name."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import grimp

ROOT = Path(__file__).parents[2]
# Every test has these; what they name is for those tests that ask for it, and name it themselves.
OF_ALL_TESTS = {"tests/__init__.py", "tests/conftest.py", "tests/programs.py"}
READS = {"mkdocs.yml": "docs"}
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]*)*")
_PACKAGE = re.compile(r"(generated/\w+/)?(\w+)/__init__\.py")


@dataclass(frozen=True)
class Dependencies:
    """The files of a checkout, and which of them can make a test fail."""

    files: frozenset[str]

    @classmethod
    def of_checkout(cls) -> Dependencies:
        listed = read_git("ls-files", "--cached", "--others", "--exclude-standard")
        return cls(frozenset(path for path in listed if (ROOT / path).exists()))  # git lists deleted ones too

    @cached_property
    def packages(self) -> dict[str, str]:
        """The folder of each top-level package."""
        found = filter(None, map(_PACKAGE.fullmatch, self.files))
        return {match[2]: match[0].removesuffix("/__init__.py") for match in found}

    @cached_property
    def tests(self) -> tuple[str, ...]:
        """The files that pytest collects."""
        return tuple(sorted(path for path in self.files if re.fullmatch(r"tests/(.*/)?test_\w+\.py", path)))

    @cached_property
    def _imports(self) -> grimp.ImportGraph:
        return grimp.build_graph(*self.packages, cache_dir=None)

    @cached_property
    def _modules(self) -> dict[str, str]:
        """The file of each module."""
        return {name: path for path in self.files if (name := self.name_module(path))}

    def name_module(self, path: str) -> str | None:
        """The name under which a file is imported."""
        for package, folder in self.packages.items():
            if path.startswith(f"{folder}/") and path.endswith(".py"):
                inner = path.removeprefix(folder).removesuffix(".py").removesuffix("/__init__")
                return package + inner.replace("/", ".")
        return None

    def find_needed(self, test: str) -> frozenset[str]:
        """All files that a test file depends on, itself among them."""
        if test not in self._needed:
            self._needed[test] = self.close_over([test, *self._find_conftests(test)])
        return self._needed[test]

    def close_over(self, paths: Iterable[str]) -> frozenset[str]:
        """These files, and all that they depend on."""
        waiting, done = list(paths), set[str]()
        while waiting:
            path = waiting.pop()
            if path not in done:
                done.add(path)
                waiting += self._next[path] if path in self._next else self._follow(path)
        return frozenset(done)

    @cached_property
    def _needed(self) -> dict[str, frozenset[str]]:
        """What has been found, since each edit asks for it again."""
        return {}

    @cached_property
    def _next(self) -> dict[str, list[str]]:
        return {}

    def _follow(self, path: str) -> list[str]:
        found = [
            *self._find_imports(path),
            *self._find_named(path),
            *self._find_data(path),
            *self._list_below(READS.get(path, "")),
        ]
        self._next[path] = [one for one in found if one not in OF_ALL_TESTS]
        return self._next[path]

    def _find_conftests(self, test: str) -> Iterator[str]:
        yield from self.files & {f"{folder}/conftest.py" for folder in PurePosixPath(test).parents} - OF_ALL_TESTS

    def _find_imports(self, path: str) -> Iterator[str]:
        """What it imports, with the packages around that."""
        module = self.name_module(path)
        if module is None or module not in self._imports.modules:
            return
        for name in {module, *self._imports.find_modules_directly_imported_by(module)}:
            while name:
                if name in self._modules:
                    yield self._modules[name]
                name = name.rpartition(".")[0]

    def _find_data(self, path: str) -> Iterator[str]:
        """Data in the folder of a module, and below it where no other module is: templates, runtime modules."""
        if not path.endswith(".py"):
            return
        folder = str(PurePosixPath(path).parent)
        yield from self._data.get(folder, ())

    @cached_property
    def _data(self) -> dict[str, list[str]]:
        """The files that are no modules, under the nearest folder around them that has one."""
        folders = {str(PurePosixPath(path).parent) for path in self._modules.values()}
        data: dict[str, list[str]] = {}
        for path in self.files - {*self._modules.values()}:
            around = next((str(one) for one in PurePosixPath(path).parents if str(one) in folders), None)
            if around:
                data.setdefault(around, []).append(path)
        return data

    def _find_named(self, path: str) -> Iterator[str]:
        """What the texts of a module name: packages, which it may run, and paths, which it may read."""
        if not path.endswith(".py"):
            return
        is_test = path.startswith("tests/")
        for word in {word for text in _read_texts(ROOT / path) for word in _PATH.findall(text)}:
            if is_test:
                yield from self._list_package(word)
            yield from self._list_below(word, files_alone=not is_test)

    def _list_package(self, word: str) -> Iterable[str]:
        """All of the package whose module or command this is."""
        package = word.partition(".")[0].replace("-", "_")
        package = {"procwise_toolkit": "generator"}.get(package, package)
        return self._list_below(self.packages[package]) if package in self.packages and package != "tests" else ()

    def _list_below(self, path: str, *, files_alone: bool = False) -> Iterable[str]:
        """The file, or all in the folder; of a path that is cut off, all that begin with it."""
        if path in self.files:
            return [path]
        if not path or files_alone or path.partition("/")[0] not in self._top:
            return []
        below = [one for one in self.files if one.startswith(f"{path.rstrip('/')}/")]
        return below or [one for one in self.files if one.startswith(path)]

    @cached_property
    def _top(self) -> frozenset[str]:
        return frozenset(path.partition("/")[0] for path in self.files)


def _read_texts(path: Path) -> Iterator[str]:
    """The texts in a module that are no docstrings; those of `root / "docs" / name` as one path."""
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            steps = list(_split_path(node))
            waiting += [step for step in steps if not isinstance(step, ast.Constant)]
            yield "/".join(_read_beginning(step) for step in steps).strip("/")
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            waiting += ast.iter_child_nodes(node)


def _split_path(path: ast.expr) -> Iterator[ast.expr]:
    """The operands of `a / b / c`."""
    if isinstance(path, ast.BinOp) and isinstance(path.op, ast.Div):
        yield from _split_path(path.left)
        yield path.right
    else:
        yield path


def _read_beginning(step: ast.expr) -> str:
    """A text as far as it is written out."""
    first = step.values[0] if isinstance(step, ast.JoinedStr) else step
    return str(first.value) if isinstance(first, ast.Constant) else ""


def read_git(*words: str) -> list[str]:
    """The lines that git prints."""
    call = ["git", "-c", "core.quotepath=off", *words]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
