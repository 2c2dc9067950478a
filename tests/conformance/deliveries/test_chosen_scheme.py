"""Which of several schemes signs a delivery that the suite sends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from procwise_conformance.deliveries.receiver import find_delivery
from procwise_conformance.errors import CannotRun


def an_api(*security: tuple[str, ...]) -> Any:
    """An API with one callback, and two schemes for deliveries."""
    callback = SimpleNamespace(name="bookAdded", security=security)
    order = SimpleNamespace(callbacks=(callback,))
    schemes = {"Old": "the old scheme", "New": "the new scheme", "Other": "of another webhook"}
    return SimpleNamespace(name="v1", webhooks=(), operations=(order,), delivery_schemes=schemes)


@pytest.mark.parametrize(
    ("security", "name", "scheme"),
    [
        ((("Old",), ("New",)), "bookAdded", "the old scheme"),
        ((("New",), ("Old",)), "bookAdded", "the new scheme"),
        ((("Old",), ("New",)), "bookAdded:New", "the new scheme"),
        ((("Token", "New"),), "bookAdded:New", "the new scheme"),
        ((), "bookAdded:Other", "of another webhook"),
    ],
)
def test_the_scheme_of_a_delivery(security: Any, name: str, scheme: str) -> None:
    delivery = find_delivery(an_api(*security), name)
    assert (delivery.name, delivery.scheme) == ("bookAdded", scheme)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bookAdded:Other", "bookAdded is not signed by 'Other' (it is signed by: Old, New)."),
        ("bookGone:New", "'bookGone' is no webhook or callback of v1 (there are: bookAdded)."),
        ("bookGone", "'bookGone' is no webhook or callback of v1"),
    ],
)
def test_a_scheme_that_does_not_sign_it(name: str, said: str) -> None:
    with pytest.raises(CannotRun) as raised:
        find_delivery(an_api(("Old",), ("New",)), name)
    assert said in str(raised.value)
