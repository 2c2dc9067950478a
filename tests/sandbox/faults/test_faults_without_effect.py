"""A fault that no scheme of the description can have is refused, and none that one can have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procwise_sandbox.errors import SandboxError
from procwise_sandbox.faults import EnabledFaults
from procwise_sandbox.loading import load_description

NAMES = ["window-too-narrow", "nonce-texts-refused", "window-too-wide"]


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_of_the_signature_needs_a_scheme_that_has_it(name: str) -> None:
    honest = load_description()
    EnabledFaults([name]).description(honest)
    unsigned = replace(honest, apis=tuple(replace(api, scheme=None, request_scheme=None) for api in honest.apis))
    with pytest.raises(SandboxError, match=f"the fault {name} has no effect"):
        EnabledFaults([name]).description(unsigned)


@pytest.mark.parametrize(("name", "status"), [("content-type-ignored", 415), ("400-for-accept", 406)])
def test_a_fault_of_a_status_needs_an_operation_that_describes_it(name: str, status: int) -> None:
    with pytest.raises(
        SandboxError, match=f"the fault {name} has no effect: no operation of this API describes {status}"
    ):
        EnabledFaults([name]).description(load_description())
