"""How values become text, held against Ruby itself."""

from __future__ import annotations

import json
import math
import subprocess
import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from generator.signing.text import ruby_text
from tests.proofs import FULL

TEXT_OF = """
require "json"
def without_nulls(value)
  case value
  when Array then value.compact.map { |item| without_nulls(item) }
  when Hash then value.transform_values { |item| without_nulls(item) }
  else value
  end
end
values = JSON.parse(STDIN.read)
puts JSON.generate(values.map { |value| without_nulls(value).to_s })
"""


@st.deferred
def old_characters() -> st.SearchStrategy[str]:
    """Characters of Unicode 3.2: the tables of every Ruby and every Python have them."""
    return st.sampled_from(
        [chr(c) for c in range(0x110000) if unicodedata.ucd_3_2_0.category(chr(c)) not in ("Cn", "Cs")]
    )


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(old_characters | st.characters(max_codepoint=0x24F))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab\"#{'\n", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.needs("ruby")
@settings(max_examples=30 if FULL else 12)
@given(st.lists(values, min_size=60, max_size=120))
@pytest.mark.slow
def test_values_become_the_text_that_ruby_makes(batch: list[object]) -> None:
    call = ["ruby", "-Eutf-8:utf-8", "-e", TEXT_OF]
    done = subprocess.run(call, input=json.dumps(batch), capture_output=True, text=True, encoding="utf-8", check=True)
    assert [ruby_text(value) for value in batch] == json.loads(done.stdout)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e14, "100000000000000.0"),
        (1e15, "1.0e+15"),
        (2871088051584814.5, "2871088051584814.5"),
        (1e-4, "0.0001"),
        (1e-5, "1.0e-05"),
        (-0.0, "-0.0"),
        (math.inf, "Infinity"),
    ],
)
def test_floats_at_the_edges(number: float, text: str) -> None:
    assert ruby_text(number) == text
