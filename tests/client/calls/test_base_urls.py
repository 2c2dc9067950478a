"""A base URL that no server can have is refused, and the message says what it should look like."""

from __future__ import annotations

import pytest

import procwise
from procwise import errors
from tests.client.conftest import SECRET_KEY, TOKEN


@pytest.mark.parametrize(
    "url",
    [
        "",
        "demo.example",
        "ftp://demo.example",
        "https://",
        "https://planted:x@demo.example",
        "https://a/?q=planted",
        "http://a:notaport",
        "http://[::1",
        "http://a b",
        "http://127.0.0.1:0",
        "https://[::1]:00",
    ],
)
def test_a_malformed_base_url_says_what_it_should_look_like(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.delenv("PROCWISE_BASE_URL", raising=False)
    with pytest.raises(errors.WrongBaseUrl) as caught:
        procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=url)
    assert "base_url=" in str(caught.value)
    assert "PROCWISE_BASE_URL" in str(caught.value)
    assert "https://demo.proctorexam.com" in str(caught.value)
    assert "planted" not in str(caught.value)
