"""`torch.hub` without a network: models from a folder that has a `hubconf.py`, and where PyTorch keeps its downloads.

A `hubconf.py` is a program: `load`, `list` and `help` run it, as the caller asks by naming the folder.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from urllib.parse import urlparse  # noqa: F401  (which libraries take from here)

from .core.missing import explain_missing_names as _explain_missing_names

__all__ = [
    "download_url_to_file",
    "get_dir",
    "help",
    "list",
    "load",
    "load_state_dict_from_url",
    "set_dir",
]

# What a file's name says of what is in it, `model-1a2b3c4d.pth`; and how much of a file is read at a time.
HASH_REGEX = re.compile(r"-([a-f0-9]*)\.")
READ_DATA_CHUNK = 128 << 10

_hub_dir: str | None = None


def _get_torch_home() -> str:
    """The folder of what programs keep: `$TORCH_HOME`, else torch in `$XDG_CACHE_HOME`, else ~/.cache/torch."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return os.path.expanduser(os.environ.get("TORCH_HOME", os.path.join(cache, "torch")))


def get_dir() -> str:
    """The folder of downloads: what `set_dir` was given, else `$TORCH_HOME/hub`, else ~/.cache/torch/hub."""
    return os.path.join(_get_torch_home(), "hub") if _hub_dir is None else _hub_dir


def set_dir(d: str | os.PathLike) -> None:
    """Set the folder of downloads."""
    global _hub_dir
    _hub_dir = os.path.expanduser(d)


def load(
    repo_or_dir: str,
    model: str,
    *args: Any,
    source: str = "github",
    trust_repo: bool | str | None = "check",
    force_reload: bool = False,
    verbose: bool = True,
    skip_validation: bool = False,
    **kwargs: Any,
) -> Any:
    """What the function `model` of the folder's `hubconf.py` returns for these arguments.

    source: "local"; "github" needs a network and is refused. ValueError for another source, RuntimeError for a model
    that is not there, or whose dependencies are not installed. The other options are about downloads.

    >>> import mibun as torch
    >>> from pathlib import Path
    >>> _ = Path("hubconf.py").write_text("def double(x):\\n    return 2 * x\\n")
    >>> torch.hub.load(".", "double", 4, source="local")
    8
    """
    source = source.lower()
    if source not in ("github", "local"):
        raise ValueError(f'Unknown source: "{source}". Allowed values: "github" | "local".')
    if source == "github":
        _refuse(repo_or_dir)
    return _entry(_hubconf(repo_or_dir), model)(*args, **kwargs)


def list(  # noqa: A001
    github: str,
    force_reload: bool = False,
    skip_validation: bool = False,
    trust_repo: bool | str | None = "check",
    verbose: bool = True,
) -> Any:
    """The names of the models of a repository. RuntimeError: it would have to be downloaded."""
    _refuse(github)


def help(  # noqa: A001
    github: str,
    model: str,
    force_reload: bool = False,
    skip_validation: bool = False,
    trust_repo: bool | str | None = "check",
) -> Any:
    """What a model of a repository says of itself. RuntimeError: it would have to be downloaded."""
    _refuse(github)


def download_url_to_file(url: str, dst: str, hash_prefix: str | None = None, progress: bool = True) -> None:
    """RuntimeError: nothing is downloaded. Fetch the file yourself, and `torch.load` it."""
    _refuse(url)


def load_state_dict_from_url(
    url: str,
    model_dir: str | None = None,
    map_location: Any = None,
    progress: bool = True,
    check_hash: bool = False,
    file_name: str | None = None,
    weights_only: bool = False,
) -> dict[str, Any]:
    """A file of weights from the folder of downloads, loaded. RuntimeError where it is not there: none is downloaded.

    model_dir: the folder, `get_dir()/checkpoints` unless given. file_name: the last part of the address unless given.
    Files are loaded as by `torch.load`, which runs nothing.
    """
    from .serialization import load as load_file

    folder = Path(os.path.join(get_dir(), "checkpoints") if model_dir is None else model_dir)
    path = folder / (file_name or url.rsplit("/", 1)[-1].split("?")[0])
    if not path.exists():
        raise RuntimeError(
            f"{url} is not downloaded, as mibun fetches nothing from the network: put the file there yourself, as "
            f"{path}"
        )
    return load_file(path, map_location=map_location)


def _refuse(what: str) -> NoReturn:
    raise RuntimeError(
        f"{what!r} would have to be downloaded, and mibun fetches nothing from the network: download it yourself, and "
        'use torch.hub.load(folder, model, source="local") or torch.load'
    )


def _hubconf(folder: str) -> ModuleType:
    path = os.path.join(folder, "hubconf.py")
    spec = importlib.util.spec_from_file_location("hubconf", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot import {path}")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, folder)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    missing = [name for name in getattr(module, "dependencies", ()) if importlib.util.find_spec(name) is None]
    if missing:
        raise RuntimeError(f"Missing dependencies: {', '.join(missing)}")
    return module


def _entry(module: ModuleType, model: str) -> Callable:
    if not isinstance(model, str):
        raise ValueError("Invalid input: model should be a string of function name")
    function = getattr(module, model, None)
    if not callable(function):
        raise RuntimeError(f"Cannot find callable {model} in hubconf")
    return function


_explain_missing_names(__name__)
