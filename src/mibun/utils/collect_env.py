"""What a report of a fault should say about the machine: `python -m mibun.utils.collect_env`, or `mibun run -m`."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import struct
import sys
from collections import namedtuple

import numpy as np

from ..core.missing import explain_missing_names as _explain_missing_names

PIP_PATTERNS = {
    "cupy",
    "dask",
    "einops",
    "jax",
    "mibun",
    "ml_dtypes",
    "mpi4py",
    "mypy",
    "numpy",
    "scipy",
    "torch",
    "triton",
}

SystemEnv = namedtuple(
    "SystemEnv",
    [
        "torch_version",
        "mibun_version",
        "numpy_version",
        "blas",
        "os",
        "libc_version",
        "python_version",
        "python_platform",
        "is_cuda_available",
        "cpu_count",
        "threads",
        "pip_packages",
    ],
)


def get_python_platform() -> str:
    """The platform, as Python names it."""
    return platform.platform()


def get_os() -> str:
    """The operating system, its version and the kind of machine."""
    system = platform.system()
    if system == "Linux":
        try:
            release = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
        except OSError:
            release = f"Linux {platform.release()}"
        return f"{release} ({platform.machine()})"
    if system == "Darwin":
        return f"macOS {platform.mac_ver()[0]} ({platform.machine()})"
    return f"{system} {platform.release()} ({platform.machine()})"


def get_libc_version() -> str:
    """The C library and its version; "N/A" where that is not known."""
    return "-".join(platform.libc_ver()) if platform.libc_ver()[0] else "N/A"


def get_blas() -> str:
    """The library that multiplies matrices for NumPy."""
    try:
        built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]  # type: ignore[index]
    except (KeyError, TypeError):
        return "Could not collect"
    return f"{built.get('name', '?')} {built.get('version', '')}".strip()


def get_pip_packages(patterns: set[str] | None = None) -> list[str]:
    """The packages that are installed whose names have one of the patterns in them, as `name==version`, sorted."""
    wanted = PIP_PATTERNS if patterns is None else patterns
    found = set()
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name and any(pattern in name.lower() for pattern in wanted):
            found.add(f"{name}=={distribution.version}")
    return sorted(found)


def get_env_info() -> SystemEnv:
    """What there is to know.

    >>> from mibun.utils import collect_env
    >>> collect_env.get_env_info().is_cuda_available
    False
    """
    import mibun

    return SystemEnv(
        torch_version=str(mibun.__version__),
        mibun_version=_version("mibun"),
        numpy_version=np.__version__,
        blas=get_blas(),
        os=get_os(),
        libc_version=get_libc_version(),
        python_version=f"{sys.version.replace(chr(10), ' ')} ({struct.calcsize('P') * 8}-bit runtime)",
        python_platform=get_python_platform(),
        is_cuda_available=False,
        cpu_count=os.cpu_count(),
        threads=mibun.get_num_threads(),
        pip_packages=get_pip_packages(),
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def pretty_str(envinfo: SystemEnv) -> str:
    """The same as text."""
    packages = "\n".join(f"  {package}" for package in envinfo.pip_packages) or "  none"
    return "\n".join(
        [
            f"mibun version: {envinfo.mibun_version} (as torch {envinfo.torch_version})",
            f"NumPy version: {envinfo.numpy_version} (BLAS: {envinfo.blas})",
            "",
            f"OS: {envinfo.os}",
            f"Libc version: {envinfo.libc_version}",
            "",
            f"Python version: {envinfo.python_version}",
            f"Python platform: {envinfo.python_platform}",
            f"Is CUDA available: {envinfo.is_cuda_available}",
            f"CPUs: {envinfo.cpu_count}, threads: {envinfo.threads}",
            "",
            "Versions of relevant packages:",
            packages,
        ]
    )


def get_pretty_env_info() -> str:
    """What there is to know, as text."""
    return pretty_str(get_env_info())


def main() -> None:
    """Print it."""
    print("Collecting environment information...")
    print(get_pretty_env_info())


if __name__ == "__main__":
    main()

_explain_missing_names(__name__)
