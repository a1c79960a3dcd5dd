"""Interpreters to which `torch` is mibun, without `mibun run` before each program: a shell, a Jupyter kernel, a Python.

The first two start Python with the folder in PYTHONPATH in which it finds `torch` (see `_alias.py`). The last, for
people who cannot change how their programs are started, puts that folder into a `.pth` file of this environment.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import tempfile

from ._alias import FOLDER, environment


def shell(args: list[str]) -> int:
    """An interactive interpreter: IPython where it is installed, else Python's own; both get the arguments.

    Returns its exit status; on POSIX systems it takes the place of this process and does not return.
    """
    command = [sys.executable]
    if importlib.util.find_spec("IPython") is not None:
        command += ["-m", "IPython"]
    command += args
    if sys.stdin.isatty():
        print("torch is mibun here.", flush=True)
    os.environ.update(environment())
    if os.name == "posix":  # so that signals and job control are the interpreter's own
        os.execv(sys.executable, command)
    return subprocess.call(command)


def jupyter(args: list[str]) -> int:
    """Enter a kernel for Jupyter that starts like `mibun run`; returns the exit status.

    It is put where this Python's Jupyter looks, or beneath `--prefix`, under the name "mibun" or `--name`.
    """
    parser = argparse.ArgumentParser(
        prog="mibun jupyter", description="Enter a Jupyter kernel to which torch is mibun."
    )
    parser.add_argument("--name", default="mibun", help="of the kernel (mibun)")
    parser.add_argument("--prefix", default=sys.prefix, help="where to put it (this Python's own folder)")
    options = parser.parse_args(args)
    missing = [name for name in ("ipykernel", "jupyter_client") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"mibun: a kernel needs {' and '.join(missing)}: pip install ipykernel", file=sys.stderr)
        return 1
    from jupyter_client.kernelspec import KernelSpecManager  # type: ignore[import-not-found]

    start = [sys.executable, "-m", "mibun", "run", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel = {
        "argv": start,
        "display_name": f"Python 3 ({options.name}: torch is mibun)",
        "language": "python",
        "metadata": {"debugger": True},
    }
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "kernel.json"), "w", encoding="utf-8") as file:
            json.dump(kernel, file, indent=1)
        place = KernelSpecManager().install_kernel_spec(folder, options.name, prefix=options.prefix)
    print(f"Jupyter's kernel {options.name!r} is in {place}: choose it in a notebook, or say --kernel={options.name}")
    return 0


def _pth() -> str:
    return os.path.join(sysconfig.get_path("purelib"), "mibun-as-torch.pth")


def install_alias() -> int:
    """Let every program of this Python find mibun as `torch`; returns the exit status: 1 where PyTorch is installed."""
    for folder in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        if os.path.exists(os.path.join(folder, "torch")):
            print(f"mibun: PyTorch is installed in {folder}, and would be found first", file=sys.stderr)
            return 1
    with open(_pth(), "w", encoding="utf-8") as file:
        file.write(f"{FOLDER}\n")
    print(f"{_pth()} is written: `import torch` is mibun for {sys.executable}, until `mibun remove-alias`")
    return 0


def remove_alias() -> int:
    """Take back what `install_alias` did; returns the exit status."""
    if not os.path.exists(_pth()):
        print(f"mibun: there is no {_pth()}", file=sys.stderr)
        return 1
    os.remove(_pth())
    print(f"{_pth()} is removed")
    return 0
