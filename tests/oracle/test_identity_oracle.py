"""The modules that classes and functions say they are of under `mibun run`, against those of installed PyTorch."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import types
import warnings
from pathlib import Path

import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

MODULES = """
torch torch.autograd torch.autograd.forward_ad torch.autograd.functional torch.autograd.graph torch.fft torch.func
torch.hub torch.linalg torch.nn torch.nn.functional torch.nn.init torch.nn.parameter torch.nn.utils
torch.nn.utils.parametrize torch.nn.utils.rnn torch.optim torch.optim.lr_scheduler torch.optim.swa_utils torch.overrides
torch.quasirandom torch.random torch.return_types torch.special torch.storage torch.types torch.utils
torch.utils._pytree torch.utils.checkpoint torch.utils.data torch.utils.dlpack torch.utils.hooks
""".split()
# One object of mibun's stands where PyTorch has two, or PyTorch's is written in C++ and names no module that is public.
OTHER = {
    "torch:Future",  # which is that of torch.futures here
    "torch:ScriptModule",  # and that of torch.jit
    "torch:set_anomaly_enabled",
    "torch.nn:LinearCrossEntropyOptions",
    "torch:from_dlpack",
    "torch:istft",
    "torch.autograd:is_multithreading_enabled",
    "torch.nn.functional:threshold",
    "torch.types:Storage",
    "torch.utils.data:get_worker_info",
    "torch.utils.dlpack:to_dlpack",
    "torch.utils.dlpack:from_dlpack",
}


def modules_of(names: list[str]) -> dict[str, list]:
    """`module:name` -> the `__module__` of what is there, and its type; `module` -> its name."""
    found: dict[str, list] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            module = importlib.import_module(name)
            found[name] = [module.__name__, "module"]
            for key in dir(module):
                value = getattr(module, key, None)
                if not key.startswith("_") and not isinstance(value, types.ModuleType):
                    found[f"{name}:{key}"] = [str(getattr(value, "__module__", None)), type(value).__name__]
    return found


def test_what_is_public_is_of_pytorchs_modules(tmp_path):
    (tmp_path / "program.py").write_text(
        f"import importlib, json, sys, types, warnings\nimport torch\n{source(modules_of)}\n"
        "print(json.dumps(modules_of(sys.argv[1:])))\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(
        [sys.executable, "-m", "mibun", "run", "program.py", *MODULES],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(Path(mibun.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    ours, theirs = json.loads(done.stdout), modules_of(MODULES)
    wrong, compared = {}, 0
    for name, (module, kind) in theirs.items():
        if name not in ours or name in OTHER or module.partition(".")[0] != "torch":
            continue
        compared += 1
        if module.startswith("torch._C") or kind == "builtin_function_or_method":
            module = "torch"  # at least
            right = ours[name][0].partition(".")[0] == module
        else:
            right = ours[name][0] == module
        if not right:
            wrong[name] = (module, ours[name][0])
    assert wrong == {} and compared > 1300
    own = {name: module for name, (module, _) in ours.items() if name in theirs and module.startswith("mibun")}
    assert own == {}


def source(function: types.FunctionType) -> str:
    import inspect

    return inspect.getsource(function)
