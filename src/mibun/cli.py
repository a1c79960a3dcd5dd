"""The `mibun` command: runs a program written for PyTorch on mibun, and says what is installed.

`mibun run` stands in for `python`: the same `sys.argv`, `sys.path`, `__main__`, exit status and tracebacks, with the
one difference that `torch` is mibun. The program is run as `__main__` itself and never returned from, so whatever it
leaves behind (threads, exit handlers, pickled classes) finds its module alive, as under plain Python.
"""

from __future__ import annotations

import argparse
import builtins
import importlib.metadata
import importlib.util
import io
import os
import pkgutil
import platform
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType, TracebackType

from . import __version__, _alias, _interpreters
from ._launched import export_ranks

_USAGE = """\
mibun run [--] SCRIPT.py [ARGS...]     run a program written for PyTorch; `import torch` is mibun
       mibun run -m MODULE [ARGS...]           the same for a module, as `python -m`
       mibun run -c CODE [ARGS...]             the same for a string, as `python -c`
       mibun run - [ARGS...]                   the same for standard input
       mibun shell [ARGS...]                   an interpreter to which `torch` is mibun: IPython where it is installed
       mibun jupyter [--name NAME] [--prefix FOLDER]    a kernel for Jupyter to which `torch` is mibun
       mibun install-alias | remove-alias      let every program of this Python find mibun as `torch`, or no more
       mibun info                              versions of mibun, Python, NumPy and the optional packages
       mibun --version"""

# What each optional package is for; looked up by name, never imported.
_OPTIONAL = {
    "ml_dtypes": "bfloat16",
    "scipy": "special functions",
    "safetensors": "safetensors files",
    "matplotlib": "plots",
    "tqdm": "progress bars",
    "mpi4py": "several processes by MPI",
    "array-api-strict": "array backend for the tests",
    "torch": "oracle for the tests",
}


def main(argv: list[str] | None = None) -> int:
    """Entry point of the `mibun` command; `argv` is without the command's own name.

    Returns the exit status. `mibun run` passes the program's own exceptions, SystemExit included, through.

    >>> from mibun.cli import main
    >>> main(["info"])  # doctest: +ELLIPSIS
    mibun ...
    0
    """
    args = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="mibun", usage=_USAGE, description="PyTorch's autograd over NumPy.")
    parser.add_argument("--version", action="version", version=f"mibun {__version__}")
    commands = ["run", "shell", "jupyter", "install-alias", "remove-alias", "info"]
    parser.add_argument("command", choices=commands, help="what to do")
    if args[:1] == ["run"]:  # everything after it is the program's, so argparse must not read it
        return _run(args[1:], parser)
    if args[:1] == ["shell"] and args[1:] not in (["-h"], ["--help"]):
        return _interpreters.shell(args[1:])
    if args[:1] == ["jupyter"]:
        return _interpreters.jupyter(args[1:])
    command = parser.parse_args(args).command
    if command == "info":
        print(_info())
        return 0
    return _interpreters.install_alias() if command == "install-alias" else _interpreters.remove_alias()


def _info() -> str:
    """A table of what is installed, as text."""
    rows = [
        ("mibun", __version__, os.path.dirname(os.path.abspath(__file__))),
        ("python", platform.python_version(), sys.executable),
        ("platform", platform.machine(), platform.platform()),
        ("cores", str(os.cpu_count()), ""),
        ("numpy", _version_of("numpy"), "array backend"),
    ]
    rows += [(name, _version_of(name), use) for name, use in _OPTIONAL.items()]
    rows += _compiled_extras()
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{name:<{widths[0]}}  {what:<{widths[1]}}  {why}".rstrip() for name, what, why in rows)


def _compiled_extras() -> list[tuple[str, str, str]]:
    """What there is of `mibun[native]`: oneDNN, and a C compiler with what it has made."""
    from .dispatch import natively
    from .xp.native import compiler, onednn

    found = onednn.status()
    version, place = ("not installed", "") if found is None else found
    rows = [("onednn", version, f"convolutions and matrix products in float32 {place}".rstrip())]
    about = compiler.status()
    if about["compiler"] is None:
        return [*rows, ("C compiler", "none found", "large elementwise and row-wise work")]
    wanted = natively.is_wanted()
    state = "used later" if wanted and compiler.mode() == "later" else "used" if wanted else "not used"
    rows.append(("C compiler", state, f"large elementwise and row-wise work: {' '.join(about['compiler'])}"))
    failures = about["failures"]
    counts = f"{about['kept']} kept, {len(failures)} failed"
    rows.append(("compiled formulas", counts, about["directory"]))
    rows += [("", "", " ".join(failure.split())[:200]) for failure in failures[:3]]
    return rows


def _version_of(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _run(args: list[str], parser: argparse.ArgumentParser) -> int:
    """Runs the program that `args` begin with; the rest is its `sys.argv[1:]`."""
    first = args[0] if args else None
    if first in ("-h", "--help"):
        parser.print_help()
        return 0
    if first == "--":
        args = args[1:]
    elif first is not None and first.startswith("-") and first not in ("-", "-m", "-c"):
        parser.error(f"run: unknown option {first}; it takes a script, -m MODULE, -c CODE or -")
    needed = 2 if first in ("-m", "-c") else 1
    if len(args) < needed:
        parser.error("run: nothing to run; give a script, -m MODULE, -c CODE or -")

    _alias.install()
    _alias.install_for_children()
    export_ranks()
    try:
        if first == "-m":
            code, main_module = _from_module(args[1], args[1:])
        elif first == "-c":
            code, main_module = _from_string(args[1], ["-c", *args[2:]], "<string>")
        elif first == "-":
            code, main_module = _from_string(sys.stdin.read(), args, "<stdin>")
        elif pkgutil.get_importer(os.path.join(os.getcwd(), args[0])) is not None:
            code, main_module = _from_container(args)
        else:
            code, main_module = _from_script(args)
        sys.modules["__main__"] = main_module
        exec(code, main_module.__dict__)
    except _CannotStart as error:
        print(f"mibun: {error}", file=sys.stderr)
        return error.status
    except BaseException:
        # Not printed here: the interpreter does it when this reaches the top, so exit status, signals and the program's
        # own excepthook are as ever; only the frames that are ours are taken off first.
        hook = sys.excepthook

        def without_our_frames(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            error.__traceback__ = _without_alias(_users_part(trace))
            hook(kind, error, error.__traceback__)

        sys.excepthook = without_our_frames
        raise
    return 0


class _CannotStart(Exception):
    """There is no program to run; carries the exit status that Python gives for it."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def _main_module(**attributes: object) -> ModuleType:
    """A fresh `__main__`, with the attributes that Python itself puts there."""
    module = ModuleType("__main__")
    module.__dict__.update(
        __builtins__=builtins, __package__=None, __spec__=None, __annotations__={}, __cached__=None, **attributes
    )
    return module


def _set_path(first: str) -> None:
    """Replaces the entry that Python made for the launcher by the program's; `-P` and `-I` mean that there is none."""
    if not sys.flags.safe_path:
        sys.path[0] = first


def _from_script(argv: list[str]) -> tuple[CodeType, ModuleType]:
    path = os.path.join(os.getcwd(), argv[0])
    try:
        with io.open_code(path) as file:
            source = file.read()
    except OSError as error:
        raise _CannotStart(f"can't open file {path!r}: [Errno {error.errno}] {error.strerror}", 2) from None
    sys.argv = list(argv)
    _set_path(os.path.dirname(os.path.realpath(path)))
    code = compile(source, path, "exec", dont_inherit=True)
    return code, _main_module(__file__=path, __loader__=SourceFileLoader("__main__", path))


def _from_container(argv: list[str]) -> tuple[CodeType, ModuleType]:
    """A folder or zip archive with a `__main__`, which becomes the head of `sys.path`."""
    path = os.path.join(os.getcwd(), argv[0])
    spec = PathFinder.find_spec("__main__", [path])
    if spec is None:
        raise _CannotStart(f"can't find '__main__' module in {path!r}")
    sys.argv = list(argv)
    _set_path(path)
    return _from_spec(spec)


def _from_string(source: str, argv: list[str], filename: str) -> tuple[CodeType, ModuleType]:
    sys.argv = list(argv)
    _set_path("")
    return compile(source, filename, "exec", dont_inherit=True), _main_module(__loader__=None)


def _from_module(name: str, argv: list[str]) -> tuple[CodeType, ModuleType]:
    """A module by its dotted name, or the `__main__` of a package."""
    _set_path(os.getcwd())
    sys.argv = ["-m", *argv[1:]]  # what Python has there while it looks for the module
    spec = _find(name)
    if spec.submodule_search_locations is not None:
        spec = _find(f"{name}.__main__", f"; {name!r} is a package and cannot be directly executed")
    sys.argv = [spec.origin or name, *argv[1:]]
    return _from_spec(spec)


def _from_spec(spec: ModuleSpec) -> tuple[CodeType, ModuleType]:
    get_code = getattr(spec.loader, "get_code", None)
    code: CodeType | None = get_code(spec.name) if get_code is not None else None
    if code is None:
        raise _CannotStart(f"No code object available for {spec.name}")
    module = _main_module(__file__=code.co_filename, __loader__=spec.loader)
    module.__dict__.update(__spec__=spec, __package__=spec.parent, __cached__=spec.cached)
    return code, module


def _find(name: str, hint: str = "") -> ModuleSpec:
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        # A missing parent package is a wrong name; anything else missing is an error inside the program.
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        spec = None
    except (ValueError, ImportError) as error:
        raise _CannotStart(f"can't find module {name!r}: {error}") from None
    if spec is None:
        raise _CannotStart(f"No module named {name}{hint}")
    return spec


def _users_part(trace: TracebackType | None) -> TracebackType | None:
    """The traceback from the program's first frame on: without the launcher, this module and the import system."""
    inside = False
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module == __name__:
            inside = True
        elif inside and not str(module).startswith("importlib"):
            break
        trace = trace.tb_next
    return trace


def _without_alias(trace: TracebackType | None) -> TracebackType | None:
    """The same without the finder's frame, in which `import torch.missing` fails."""
    frame = trace
    while frame is not None and frame.tb_next is not None:
        if frame.tb_next.tb_frame.f_globals.get("__name__") == _alias.__name__:
            frame.tb_next = None
            break
        frame = frame.tb_next
    return trace
