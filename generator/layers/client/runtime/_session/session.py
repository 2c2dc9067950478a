"""Credentials and base URL of a client, from arguments or the environment."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import get_args
from urllib.parse import urlsplit

from .._drift.counter import DeviationCounter, DriftMode
from .._errors.argument_checks import show_value
from .._errors.exceptions import CredentialsMissing, InvalidArgument, WrongBaseUrl
from .._logging.redaction import Redactor
from .clock import ClockSkew, ServerClock
from .service import Service

TOKEN, SECRET_KEY, BASE_URL = "PROCWISE_TOKEN", "PROCWISE_SECRET_KEY", "PROCWISE_BASE_URL"
_BYTE_ORDER_MARK = "\ufeff"
_SHORTEST_SECRET = 8
_LARGEST_SKEW = 1e11  # three thousand years
_LARGEST_NONCE = 2**53 - 1  # a larger number would be rounded by JavaScript on its way


def is_host(name: str) -> bool:
    """Whether a host can have this name: none of its labels is empty or has more than 63 characters."""
    if not name.isascii():
        from httpx2 import URL, InvalidURL

        try:
            name = URL(f"http://{name}").raw_host.decode()
        except InvalidURL:
            return False
    return all(0 < len(label) < 64 for label in name.removesuffix(".").split("."))


def clock() -> int:
    """Milliseconds since 1970 (UTC)."""
    return time.time_ns() // 1_000_000


def nonce() -> int:
    """A random number, large enough that it was not used before."""
    return 1 + secrets.randbelow(_LARGEST_NONCE)


class Session:
    """The credentials and the base URL for one version of the API.

    Neither `repr` nor any message shows the token or the secret key.
    """

    def __init__(
        self,
        service: Service,
        *,
        token: str | None,
        secret_key: str | None,
        base_url: str | None,
        credentials: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        drift: DriftMode = "observe",
        clock_skew: ClockSkew = "auto",
        clock: Callable[[], int] = clock,
        nonce: Callable[[], int] = nonce,
    ) -> None:
        self.service = service
        self.token = _read_credential("token", token, TOKEN, needed=bool(service.token_header))
        self.secret_key = _read_credential("secret_key", secret_key, SECRET_KEY, needed=bool(service.signature))
        inputs = _check_texts("credentials", credentials), _check_texts("settings", settings)
        self.credentials, self.settings = _read_signing_inputs(self, *inputs)
        self.base_url = _read_base_url(service, base_url)
        self.clock = clock
        self.nonce = nonce
        secret_values = (value for value in self.credentials.values() if len(value) >= _SHORTEST_SECRET)
        self.server_clock = ServerClock(_check_skew(clock_skew))
        self.redactor = Redactor(
            secrets=service.secrets,
            personal=service.personal,
            values=frozenset((self.token, self.secret_key, *secret_values)),
        )
        self.drift = DeviationCounter(_drift_mode(drift), self.redactor.text)
        self.headers = self._write_headers()

    def __repr__(self) -> str:
        return f"<Session {self.base_url}>"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the base URL."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_plain(self) -> bool:
        """Whether the base URL is only an origin and the path of the version, as it should be."""
        return self.base_url == self.origin + self.service.base_path

    def now_ms(self) -> int:
        """Milliseconds since 1970 (UTC), as the server counts them."""
        return self.server_clock.now_ms(self.clock)

    def _write_headers(self) -> dict[str, str]:
        """The headers of every request."""
        headers = {"Accept": self.service.accept, "Accept-Encoding": "gzip, deflate"}
        if self.token and self.service.token_header:
            headers[self.service.token_header] = self.service.token_format.replace("{token}", self.token)
        return headers


def _read_signing_inputs(
    session: Session, credentials: Mapping[str, str], settings: Mapping[str, str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What a scheme that signs whole requests asks for."""
    if session.service.load_request_scheme is None and not credentials and not settings:
        return {}, {}
    from .signing_inputs import read_signing_inputs

    scheme = session.service.request_scheme
    return read_signing_inputs(scheme, credentials, settings, token=session.token, secret_key=session.secret_key)


def _drift_mode(passed: DriftMode) -> DriftMode:
    if passed not in (modes := get_args(DriftMode)):
        raise InvalidArgument(f"drift={show_value(passed)} is no mode (pass one of {', '.join(modes)})")
    return passed


def _check_skew(passed: ClockSkew) -> ClockSkew:
    if isinstance(passed, int | float) and not abs(passed) < _LARGEST_SKEW:
        raise InvalidArgument("clock_skew= is no number of seconds that a clock can be wrong by")
    return passed


def _read_text(name: str, passed: object, variable: str) -> str:
    text = os.environ.get(variable, "") if passed is None else passed
    if not isinstance(text, str):
        raise InvalidArgument(f"{name}= must be text, not {type(text).__name__}")
    return text.strip()


def _check_texts(name: str, passed: object) -> Mapping[str, str]:
    texts = {} if passed is None else passed
    if isinstance(texts, Mapping) and all(isinstance(text, str) for pair in texts.items() for text in pair):
        return texts
    raise InvalidArgument(f"{name}= must be a mapping of names to texts")


def _read_credential(name: str, passed: str | None, variable: str, *, needed: bool) -> str:
    value = clean_credential(name, _read_text(name, passed, variable))
    if needed and not value:
        raise CredentialsMissing(
            f"no {name}: pass token= and secret_key=, or set {TOKEN} and {SECRET_KEY} in the environment"
        )
    return value


def clean_credential(name: str, text: str) -> str:
    """A credential without what a file or a clipboard adds to it: blanks, line ends, a byte order mark."""
    with suppress(UnicodeError):  # such a text is refused below
        text = text.encode("utf-8", "surrogateescape").decode()  # an environment that is read as ASCII escapes the rest
    value = text.strip().strip(_BYTE_ORDER_MARK).strip()
    if not value.isprintable() or (name == "token" and not value.isascii()):
        raise InvalidArgument(f"the {name} holds characters that no {name} has (was it copied as it is?)")
    return value


def _read_base_url(service: Service, passed: str | None) -> str:
    value = _read_text("base_url", passed, BASE_URL)
    hint = f"pass base_url= or set {BASE_URL}, for instance {service.example}"
    if not value:
        raise WrongBaseUrl(f"no base URL: {hint}")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise WrongBaseUrl(f"the base URL is malformed: {hint}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongBaseUrl(f"the base URL must start with http:// or https:// and name a host: {hint}")
    if parts.username or parts.password or parts.query or parts.fragment or any(c.isspace() for c in value):
        raise WrongBaseUrl(f"the base URL must not hold a user, a query, a fragment or spaces: {hint}")
    if not value.isprintable():
        raise WrongBaseUrl(f"the base URL holds characters that no URL has: {hint}")
    if port == 0:
        raise WrongBaseUrl(f"the base URL names port 0, which no server has: {hint}")
    if not is_host(parts.hostname):
        raise WrongBaseUrl(f"the base URL names no possible host: {hint}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path = parts.path.rstrip("/")
    if other := _find_other_version(service, path):
        raise WrongBaseUrl(
            f"the base URL ends with {other}, which is another version than the {service.base_path} of this client"
            f" (leave the path out, or use the client of that version): {hint}"
        )
    path = path if path.endswith(service.base_path) else path + service.base_path
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}"


def _find_other_version(service: Service, path: str) -> str:
    """The end of the path that is the base path of this client with other numbers, empty if there is none."""
    pattern = re.sub(r"[0-9]+", "[0-9]+", re.escape(service.base_path))
    found = re.search(rf"{pattern}$", path) if service.base_path else None
    return found[0] if found and found[0] != service.base_path else ""
