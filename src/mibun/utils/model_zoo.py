"""`torch.utils.model_zoo`: the old place of `torch.hub.load_state_dict_from_url`.

With `tqdm`, the progress bar that it had. The rest is an index only.
"""

from __future__ import annotations

from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names
from ..hub import load_state_dict_from_url
from ..hub import load_state_dict_from_url as load_url

__all__ = ["load_state_dict_from_url", "load_url"]


class _Silent:
    """What `tqdm` is where the package of that name is not installed: it counts, and shows nothing."""

    def __init__(self, iterable: Any = (), total: Any = None, **options: Any) -> None:
        self.iterable, self.total, self.n = iterable, total, 0

    def __iter__(self) -> Any:
        return iter(self.iterable)

    def update(self, n: int = 1) -> None:
        """Count on."""
        self.n += n

    def close(self) -> None:
        """End."""

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


try:
    from tqdm.auto import tqdm as tqdm
except ImportError:
    tqdm = _Silent

_explain_missing_names(__name__)
