"""Which proxy of the environment requests go by way of."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def find_proxy_variable(base_url: str) -> str:
    """The variable with the proxy of this server, empty if there is none; its value may hold a password."""
    proxies = getproxies()
    scheme = next((name for name in (urlsplit(base_url).scheme, "all") if name in proxies), "")
    return f"{scheme.upper()}_PROXY" if scheme and not is_excepted(base_url) else ""


def is_excepted(base_url: str) -> bool:
    """Whether NO_PROXY names the server, also as `host:port` or `*.domain`; or the settings of the system do."""
    parts = urlsplit(base_url)
    host, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
    names = [name.strip().removeprefix("*").lstrip(".") for name in getproxies().get("no", "").lower().split(",")]
    places = (f".{host}", f".{host}:{port}")
    return bool(proxy_bypass(host)) or any(place.endswith(f".{name}") for name in names if name for place in places)
