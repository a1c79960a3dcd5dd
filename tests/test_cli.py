"""`mibun run` stands in for `python`: a program sees the same argv, path, `__main__`, exit status and tracebacks.

Programs run in processes of their own, since the alias is for one process only; the same program is run by plain Python
where the two can be compared.
"""

import ast
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import mibun
from mibun._alias import FOLDER

SOURCE = str(Path(mibun.__file__).parents[1])


def start(*command, cwd, stdin="", **variables):
    """A finished process of this Python, with mibun on its path and standard output and error as text."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE"))}
    environment.update(PYTHONPATH=SOURCE, PYTHONIOENCODING="utf-8", NO_COLOR="1", **variables)
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, input=stdin, env=environment, capture_output=True, text=True, timeout=120
    )


def run(*args, cwd, **options):
    return start("-m", "mibun", "run", *args, cwd=cwd, **options)


@pytest.fixture
def program(tmp_path):
    """Writes a program to a file and gives the folder it is in."""

    def write(source, name="program.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        return tmp_path

    return write


def test_torch_is_mibun(program):
    folder = program(
        "import mibun, mibun.nn.functional, mibun.autograd\n"
        "import torch, torch.nn as nn, torch.nn.functional as F\n"
        "from torch import autograd, optim\n"
        "import torch.optim\n"
        "assert torch is mibun and nn is mibun.nn is torch.nn and F is mibun.nn.functional\n"
        "assert autograd is mibun.autograd and optim is mibun.optim is torch.optim\n"
        "assert isinstance(nn.Linear(2, 3)(torch.ones(1, 2)), mibun.Tensor)\n"
        "import sys, importlib\n"
        "assert sys.modules['torch'] is sys.modules['mibun'] and torch.__spec__.name == 'mibun'\n"
        "assert importlib.reload(nn.functional) is F\n"
        "print('same')\n"
    )
    done = run("program.py", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "same\n", "")


def test_torch_is_mibun_in_that_process_only(program):
    """The alias is gone with the process, and importing mibun alone does not make it."""
    folder = program("import mibun, importlib.util, sys\nprint('torch' in sys.modules, len(sys.meta_path))\n")
    before = start("-c", "import sys; print(False, len(sys.meta_path))", cwd=folder)
    assert start("program.py", cwd=folder).stdout == before.stdout


@pytest.mark.parametrize(
    "line",
    ["import torch.missing", "from torch.missing import x", "import torch.missing.deeper", "import torch.tensor"],
)
def test_missing_module(program, line):
    done = run("program.py", cwd=program(f"import torch\n{line}\n"))
    name = "torch.tensor" if line.endswith("tensor") else "torch.missing"
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"ModuleNotFoundError: No module named '{name}': this program runs on mibun, which has no module "
        f"'{name.replace('torch', 'mibun')}'"
    )
    assert "_alias.py" not in done.stderr and "importlib" not in done.stderr


def test_missing_module_can_be_asked_for(program):
    folder = program(
        "import importlib.util, torch\n"
        "assert importlib.util.find_spec('torch.missing') is None\n"
        "assert importlib.util.find_spec('torch.nn') is not None\n"
        "try:\n    import torch.missing\n"
        "except ModuleNotFoundError as error:\n    print(error.name)\n"
        "assert callable(torch.tensor)\n"
    )
    done = run("program.py", cwd=folder)
    assert (done.stdout, done.stderr) == ("torch.missing\n", "")


SHOW_ITSELF = """\
import sys, __main__
print(sys.argv)
print(sys.path[0])
print(__name__, __file__, __package__, __spec__ and __spec__.name, type(__loader__).__name__)
print(__main__.__dict__ is globals(), sorted(globals()))
"""


@pytest.mark.parametrize(
    "command",
    [
        ["program.py"],
        ["program.py", "one", "--two", "-m", "--", "-c"],
        ["./program.py", "run"],
        ["-m", "program", "-m", "x"],
        ["-m", "package", "x"],
        ["-m", "package.inner"],
        ["folder", "x"],
        ["package"],
        ["./folder/"],
        ["archive.zip", "x"],
    ],
    ids=" ".join,
)
def test_program_sees_what_it_sees_under_python(program, command):
    program(SHOW_ITSELF)
    program(SHOW_ITSELF, "package/__main__.py")
    program("", "package/__init__.py")
    program(SHOW_ITSELF, "package/inner.py")
    folder = program(SHOW_ITSELF, "folder/__main__.py")
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.write(folder / "program.py", "__main__.py")
    expected, actual = start(*command, cwd=folder), run(*command, cwd=folder)
    assert actual.stdout.splitlines() == expected.stdout.splitlines() != []
    assert actual.stderr == expected.stderr == ""


def test_program_as_string_and_from_standard_input(program):
    folder = program("")
    source = "import sys, torch; print(sys.argv, repr(sys.path[0]), __name__)"
    for command, stdin in ((["-c", source, "a", "-b"], ""), (["-", "a"], source)):
        expected = start(*command, cwd=folder, stdin=stdin.replace(", torch", ""))
        if command[0] == "-c":
            expected = start("-c", source.replace(", torch", ""), "a", "-b", cwd=folder)
        actual = run(*command, cwd=folder, stdin=stdin)
        assert (actual.stdout, actual.stderr) == (expected.stdout, "")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return 1 / x\nf(0)\n",
        "x = = 1\n",
        "raise SystemExit(7)\n",
        "raise SystemExit('a sentence')\n",
        "import sys\nsys.exit()\n",
        "import os\nos._exit(3)\n",
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise KeyError('k')\n",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyError('k') from error\n",
        "import sys\nsys.excepthook = lambda kind, error, trace: print(kind, trace.tb_lineno, trace.tb_next)\n1 / 0\n",
        "import threading\nthreading.Thread(target=lambda: print('later')).start()\n",
        "import atexit\natexit.register(lambda: print('at exit', __name__))\n",
        "import atexit\nvalue = 5\natexit.register(lambda: print(value))\n1 / 0\n",
        "raise KeyboardInterrupt\n",
        "import no_such_module\n",
        "import broken\n",
        "raise ExceptionGroup('several', [ValueError(1), KeyError(2)])\n",
        "import pickle\nclass A:\n    pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)\n",
        "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))\n",
        "x: int = 5\nprint(__annotations__)\n",
    ],
)
def test_ends_as_under_python(program, source):
    """Exit status, standard output and error, tracebacks included, are equal to the letter."""
    program("def f():\n    1 / 0\nf()\n", "broken.py")
    folder = program(source)
    expected, actual = start("program.py", cwd=folder), run("program.py", cwd=folder)
    assert (actual.returncode, actual.stdout, actual.stderr) == (expected.returncode, expected.stdout, expected.stderr)


def test_error_inside_module_run_with_m(program):
    done = run("-m", "program", cwd=program("def f():\n    return 1 / 0\nf()\n"))
    lines = [line.strip() for line in done.stderr.splitlines()]
    assert done.returncode == 1 and lines[0] == "Traceback (most recent call last):"
    assert [line.rpartition(", ")[2] for line in lines if line.startswith("File")] == ["in <module>", "in f"]


def test_safe_path_is_kept(program):
    """With `python -P` no folder is put at the head of the path, so none may be replaced."""
    folder = program("import sys\nprint(sys.path)\n")
    expected = ast.literal_eval(start("-P", "program.py", cwd=folder).stdout)
    actual = ast.literal_eval(start("-P", "-m", "mibun", "run", "program.py", cwd=folder).stdout)
    assert actual == [FOLDER, *expected]  # in which children find `torch`


@pytest.mark.parametrize(
    ("args", "status", "text"),
    [
        (["run", "missing.py"], 2, "mibun: can't open file"),
        (["run", "-m", "missing"], 1, "mibun: No module named missing"),
        (["run", "-m", "missing.deeper"], 1, "mibun: No module named missing.deeper"),
        (["run", "-m", "json"], 1, "'json' is a package and cannot be directly executed"),
        (["run", "."], 1, "mibun: can't find '__main__' module in"),
        (["run"], 2, "nothing to run"),
        (["run", "-m"], 2, "nothing to run"),
        (["run", "--unknown", "x.py"], 2, "unknown option --unknown"),
        (["unknown"], 2, "invalid choice: 'unknown'"),
        ([], 2, "usage: mibun run"),
    ],
    ids=lambda value: " ".join(value) or "none" if isinstance(value, list) else "",
)
def test_wrong_use_is_said_in_a_sentence(program, args, status, text):
    done = start("-m", "mibun", *args, cwd=program(""))
    assert done.returncode == status and text in done.stderr and "Traceback" not in done.stderr


def test_version_info_and_help(program):
    folder = program("")
    assert start("-m", "mibun", "--version", cwd=folder).stdout == f"mibun {mibun.__version__}\n"
    info = start("-m", "mibun", "info", cwd=folder).stdout
    assert info.startswith("mibun ") and "\nnumpy " in info and "\nml_dtypes " in info
    for args in (["--help"], ["run", "--help"]):
        assert "mibun run -m MODULE" in start("-m", "mibun", *args, cwd=folder).stdout


def test_refuses_when_another_torch_is_loaded(program):
    program("", "torch.py")
    done = start("-c", "import torch, mibun.cli; mibun.cli.main(['run', '-c', ''])", cwd=program(""))
    assert done.returncode == 1 and "torch is already imported, from" in done.stderr
