"""What people paste into the workbench: requests in the forms that shells, browsers, logs and proxies have them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.docs.browser_signer import RUNTIME, SCRIPTS
from tests.docs.test_request_mistakes import MISTAKES

pytestmark = pytest.mark.needs("node")
URL = "https://demo.example/api/v3/exams?timestamp=1527500365052&nonce=7&signature=abc"
JSON = "Content-Type: application/json"
GET = ["GET", URL, [], None]
POST = ["POST", URL, [JSON], '{"name": "a b"}']
CMD_BODY = r'^"{\^"name\^": \^"a b\^"}^"'  # as Chrome copies for cmd.exe
CMD = f'curl ^"{URL.replace("&", "^&")}^" ^\r\n  -X POST -H ^"{JSON}^" ^\r\n  --data-raw {CMD_BODY}'

READ = {
    f"curl '{URL}'": GET,
    f"$ curl '{URL}'": GET,
    f"+ curl '{URL}'": GET,
    f"ada@host:~/api$ curl '{URL}'": GET,
    f'PS C:\\\\> curl.exe "{URL}"': GET,
    f"# Needs bash\nsignature=$(printf %s \"$base\")\ncurl '{URL}'": GET,
    f'curl ^"{URL.replace("&", "^&")}^"': GET,
    CMD: POST,
    URL: GET,
    f"GET {URL} HTTP/1.1": GET,
    f"GET {URL}": GET,
    f"POST {URL} HTTP/1.1\r\n{JSON}\r\n\r\n" + '{"name": "a b"}': POST,
    f"POST {URL} HTTP/1.1\n{JSON}\n\n" + '{"name": "a b"}': POST,
    f"> GET {URL} HTTP/1.1\n> {JSON}\n>": ["GET", URL, [JSON], None],
    f'"GET {URL} HTTP/1.1" 403 512': GET,
}
NO_REQUEST = [
    "id=17?nonce=7?timestamp=1527500365052",
    "name=curl it?nonce=7?timestamp=1",
    "name=a\ncurl b?nonce=7&timestamp=1",
    '{"name": "curl"}',
    "baef765c31d855ff5d95edfda9d1e23139ddeb31e9653791399172a516867623",
]


def read_requests(texts: list[str]) -> list[Any]:
    """Method, URL, headers and body of each, or None."""
    scripts = [str(RUNTIME / f"{name}.js") for name in (*SCRIPTS, "claims", *MISTAKES, "requests")]
    call = ["node", str(Path(__file__).parent / "read_requests.cjs")]
    done = subprocess.run(call, input=json.dumps([scripts, texts]).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: list[Any] = json.loads(done.stdout)
    return found


def test_a_request_is_read_in_every_form() -> None:
    assert dict(zip(READ, read_requests([*READ]), strict=True)) == READ


def test_what_is_no_request_is_not_taken_for_one() -> None:
    assert read_requests(NO_REQUEST) == [None] * len(NO_REQUEST)
