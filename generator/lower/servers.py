"""Servers: of the description, of a path, of an operation."""

from __future__ import annotations

from generator.ir import Server
from generator.load import Node


def servers(node: Node) -> tuple[Server, ...]:
    """The servers listed at a node; variables have their defaults."""
    return tuple(_server(server) for server in node.each("servers"))


def own_servers(item: Node, node: Node) -> tuple[str, ...]:
    """The addresses that the operation names, or else its path."""
    return tuple(server.url for server in servers(node) or servers(item))


def _server(server: Node) -> Server:
    url = server.text("url")
    for name, variable in server.fields("variables"):
        url = url.replace(f"{{{name}}}", variable.text("default"))
    return Server(url=url, description=server.text("description"), template=server.text("url"))
