"""How processes find each other: `env://`, `tcp://host:port` and `file:///path` lead to a store and a rank."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlparse

from .constants import default_pg_timeout
from .store import FileStore, Store
from .tcp_store import TCPStore

Handler = Callable[..., Iterator[tuple[Store, int, int]]]
_handlers: dict[str, Handler] = {}


def register_rendezvous_handler(scheme: str, handler: Handler) -> None:
    """Make `scheme://…` an `init_method`: `handler(url, timeout=…)` yields `(store, rank, world_size)`.

    RuntimeError where the scheme has a handler already.
    """
    if scheme in _handlers:
        raise RuntimeError(f"Rendezvous handler for {scheme}:// already registered")
    _handlers[scheme] = handler


def rendezvous(url: str, rank: int = -1, world_size: int = -1, **kwargs: Any) -> Iterator[tuple[Store, int, int]]:
    """What `init_method=url` leads to: an iterator of `(store, rank, world_size)`.

    RuntimeError for a scheme without handler; ValueError for a part that is missing.
    """
    if not isinstance(url, str):
        raise RuntimeError(f"`url` must be a string. {type(url)}: {url}")
    parsed = urlparse(url)
    if parsed.scheme not in _handlers:
        raise RuntimeError(f"No rendezvous handler for {parsed.scheme}://")
    query = {**dict(parse_qsl(parsed.query))}
    if rank != -1:
        query["rank"] = str(rank)
    if world_size != -1:
        query["world_size"] = str(world_size)
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return _handlers[parsed.scheme](parsed._replace(query=text).geturl(), **kwargs)


def _number(query: dict[str, str], name: str, scheme: str) -> int:
    if name not in query:
        part = "rank parameter missing" if name == "rank" else "world size parameter missing"
        raise ValueError(f"Error initializing torch.distributed using {scheme}:// rendezvous: {part}")
    return int(query[name])


def _from_environment(url: str, timeout: datetime.timedelta = default_pg_timeout, **kwargs: Any) -> Iterator:
    query = dict(parse_qsl(urlparse(url).query))

    def wanted(name: str) -> str:
        if name not in os.environ:
            raise ValueError(
                "Error initializing torch.distributed using env:// rendezvous: environment variable "
                f"{name} expected, but not set"
            )
        return os.environ[name]

    rank = int(query["rank"] if "rank" in query else wanted("RANK"))
    size = int(query["world_size"] if "world_size" in query else wanted("WORLD_SIZE"))
    host, port = wanted("MASTER_ADDR"), int(wanted("MASTER_PORT"))
    agent = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"  # a launcher serves it
    yield TCPStore(host, port, size, rank == 0 and not agent, timeout, multi_tenant=True), rank, size


def _from_tcp(url: str, timeout: datetime.timedelta = default_pg_timeout, **kwargs: Any) -> Iterator:
    parsed = urlparse(url)
    if parsed.port is None or parsed.hostname is None:
        raise ValueError("Error initializing torch.distributed using tcp:// rendezvous: port number missing")
    query = dict(parse_qsl(parsed.query))
    rank, size = _number(query, "rank", "tcp"), _number(query, "world_size", "tcp")
    yield TCPStore(parsed.hostname, parsed.port, size, rank == 0, timeout, multi_tenant=True), rank, size


def _from_file(url: str, **kwargs: Any) -> Iterator:
    parsed = urlparse(url)
    path = parsed.netloc + parsed.path
    if not path:
        raise ValueError("Error initializing torch.distributed using file:// rendezvous: path missing")
    query = dict(parse_qsl(parsed.query))
    rank, size = _number(query, "rank", "file"), _number(query, "world_size", "file")
    yield FileStore(path, size), rank, size


register_rendezvous_handler("env", _from_environment)
register_rendezvous_handler("tcp", _from_tcp)
register_rendezvous_handler("file", _from_file)
