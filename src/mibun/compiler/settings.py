"""How one function is to be compiled."""

from __future__ import annotations

from typing import Any


class Settings:
    """The arguments of `torch.compile`, as far as they matter here."""

    def __init__(
        self,
        backend: Any = None,
        fullgraph: bool = False,
        dynamic: bool | None = None,
        recompile_limit: int | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        self.backend, self.fullgraph, self.dynamic = backend, fullgraph, dynamic
        self.recompile_limit = recompile_limit
        self.more = more or {}  # what a backend that is a function is given by names: mode, options
