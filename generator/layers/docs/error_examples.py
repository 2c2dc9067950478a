"""The examples of an operation's errors: about its own parameters and objects, and only with codes that it can send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.ir import Api, ErrorCode, Example, Frozen, Operation, Parameter, Property, Resource, freeze

_OTHERS = "errors"  # the member that has one entry for each parameter that failed


def applies(api: Api, operation: Operation, error: ErrorCode) -> bool:
    """Whether the operation can send that code with its status."""
    return {
        "": True,
        "signed": operation.signed,
        "path": bool(operation.in_("path")),
        "body": operation.body is not None,
        "required": any(fact.required for fact in _sent_facts(operation)),
        "download": api.is_download(operation.id),
        "no-operation": False,
    }[error.applies]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorWords:
    """What errors of a version speak of: sent `parameters`, `objects`, and the object that `begins` a path."""

    codes: Mapping[str, ErrorCode]
    parameters: frozenset[str]
    objects: frozenset[str]
    begins: Mapping[str, str]

    @classmethod
    def read(cls, api: Api) -> ErrorWords:
        """The words of one version, read once for all its operations."""
        items = [(resource.item.partition("{"), resource) for resource in api.resources if resource.item]
        return cls(
            codes={error.code: error for error in api.errors},
            parameters=frozenset(fact.name for one in api.operations for fact in _sent_facts(one)),
            objects=frozenset(word for one in api.resources for word in (_word_for(one), one.title)),
            begins={before: _word_for(resource) for (before, _, after), resource in items if "{" not in after},
        )


def fit_examples(api: Api, operation: Operation, words: ErrorWords) -> Operation:
    """The operation with errors whose examples it can send: examples are shared by all operations of a status.

    A word that names a parameter or an object of another operation becomes the name of its own.
    """
    fitting = _Fitting(api, operation, words)
    responses = (
        response if response.is_success else replace(response, examples=tuple(fitting.fit(response.examples)))
        for response in operation.responses
    )
    return replace(operation, responses=tuple(responses))


def _sent_facts(operation: Operation) -> list[Property | Parameter]:
    members = operation.body.members if operation.body else ()
    return [*members, *operation.in_("query")]


@dataclass(frozen=True, slots=True)
class _Fitting:
    api: Api
    operation: Operation
    words: ErrorWords

    def fit(self, examples: tuple[Example, ...]) -> Iterator[Example]:
        for example in examples:
            error = self.words.codes.get(self._code_of(example))
            if error is None or applies(self.api, self.operation, error):
                yield self._fit_values(self._fit_words(example, error))

    def _code_of(self, example: Example) -> str:
        members = {error.member for error in self.api.errors}
        value = example.value if isinstance(example.value, Mapping) else {}
        return next((str(value[member]) for member in members if member in value), "")

    def _fit_words(self, example: Example, error: ErrorCode | None) -> Example:
        own, others = self._own_word(error) if error is not None else ("", frozenset[str]())
        if not own or not isinstance(example.value, Mapping):
            return example
        kept = {own} if error is None or error.applies == "path" else {*self._names()}
        texts = {name: _reword(value, own, others, kept) for name, value in example.value.items()}
        return replace(example, summary=str(_reword(example.summary, own, others, kept)), value=freeze(texts))

    def _own_word(self, error: ErrorCode) -> tuple[str, frozenset[str]]:
        """What the error is about in this operation, and the words for it in all of them."""
        if error.applies == "required":
            return self._names()[0], self.words.parameters
        if error.applies == "path":
            before = self.operation.path.partition("{")[0]
            return self.words.begins.get(before, "") or self._word_in_path(), self.words.objects
        return "", frozenset()

    def _word_in_path(self) -> str:
        """What the first placeholder names, as `{exam_id}` does; nothing if it is a bare `{id}`."""
        placeholder = self.operation.path.partition("{")[2].partition("}")[0]
        return placeholder.removesuffix("_id").replace("_", " ") if placeholder.endswith("_id") else ""

    def _fit_values(self, example: Example) -> Example:
        """An example about a parameter that the operation lacks is about the first of its own instead."""
        value, names = example.value, self._names()
        failed = value.get(_OTHERS) if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping) or not isinstance(failed, Mapping) or {*failed} <= {*names}:
            return example
        if not names:
            bare = freeze({name: member for name, member in value.items() if name != _OTHERS})
            return replace(example, summary="The request is not valid", value=bare)
        own: Frozen = freeze({**value, _OTHERS: {names[0]: ["is invalid"]}})
        return replace(example, summary=f"`{names[0]}` is not valid", value=own)

    def _names(self) -> list[str]:
        """What can fail: required parameters first."""
        return [fact.name for fact in sorted(_sent_facts(self.operation), key=lambda fact: not fact.required)]


def _word_for(resource: Resource) -> str:
    """One object in words, such as "student session"."""
    return resource.name.replace("_", " ").removesuffix("s")


def _reword(value: Frozen, own: str, others: frozenset[str], kept: set[str]) -> Frozen:
    """The text with the last of the other words replaced, capitalised like it."""
    if not isinstance(value, str):
        return value
    found = [*re.finditer(r"\w+", value)]
    spans = [(last - count, last - 1) for last in range(len(found), 0, -1) for count in range(min(3, last), 0, -1)]
    for begin, last in spans:
        start, end = found[begin].start(), found[last].end()
        word = value[start:end]
        if {word, word.lower()} & kept:
            return value
        if {word, word.lower()} & others:
            return f"{value[:start]}{own.title() if word.istitle() else own}{value[end:]}"
    return value
