"""What editors and type checkers see after `import mibun as torch`: pyright's verdicts, hovers and completions.

`tests/typing/` holds programs that have to be accepted, and `mistakes.py`, of which every marked line has to be found.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import mibun
from samples import SAMPLES
from samples.declare import B, I, S, X

PACKAGE = Path(mibun.__file__).parent
ROOT = PACKAGE.parents[1]
PROGRAMS = Path(__file__).parent / "typing"
MISTAKES = PROGRAMS / "mistakes.py"
ACCEPTED = sorted(path for path in PROGRAMS.glob("*.py") if path != MISTAKES)

needs_pyright = pytest.mark.skipif(importlib.util.find_spec("pyright") is None, reason="needs pyright")
ENVIRONMENT = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", "PYTHONPATH": str(PACKAGE.parent)}


# Every operator's samples, as a program that asks for the type of each result.
CALLS = [sample for sample in SAMPLES if sample.call is None]
HEAD = ["import mibun as torch", "from math import inf, nan", "t = torch.ones(2)"]


def source_of(value):
    """An argument of a sample as it stands in a program."""
    if isinstance(value, (X, I, B)):
        return "t"
    if isinstance(value, (list, tuple)):
        inner = "".join(source_of(item) + ", " for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    return repr(value)


def call_of(sample: S):
    """The call of a sample as a program writes it."""
    arguments = [source_of(arg) for arg in sample.args]
    arguments += [f"{name}={source_of(value)}" for name, value in (sample.kw or {}).items()]
    if sample.method:
        return f"{arguments[0]}.{sample.name}({', '.join(arguments[1:])})"
    return f"torch.{sample.name}({', '.join(arguments)})"


def settings(folder):
    """A folder with pyright's settings for programs of users: mibun on the path, everything else as it comes."""
    chosen = {"extraPaths": [str(PACKAGE.parent)], "typeCheckingMode": "basic", "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(chosen))
    return folder


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """The lines with errors in each program: file name -> line -> messages."""
    folder = settings(tmp_path_factory.mktemp("programs"))
    for path in PROGRAMS.glob("*.py"):
        (folder / path.name).write_text(path.read_text())
    (folder / "samples.py").write_text("\n".join([*HEAD, *[f"reveal_type({call_of(sample)})" for sample in CALLS]]))
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--project", str(folder), "--pythonpath", sys.executable],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        pytest.skip(f"pyright does not run here: {(done.stdout + done.stderr)[-300:]}")
    assert report["summary"]["filesAnalyzed"] == len(ACCEPTED) + 2
    found = {path.name: {} for path in [*PROGRAMS.glob("*.py"), Path("samples.py")]}
    for problem in report["generalDiagnostics"]:
        if problem["severity"] in ("error", "information"):
            lines = found[Path(problem["file"]).name]
            lines.setdefault(problem["range"]["start"]["line"] + 1, []).append(problem["message"])
    return found


@needs_pyright
@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_no_false_errors(verdicts, path):
    assert not verdicts[path.name]


@needs_pyright
def test_mistakes_are_found(verdicts):
    """Every planted mistake, and nothing else."""
    lines = MISTAKES.read_text().splitlines()
    planted = {number: line for number, line in enumerate(lines, 1) if "# mistake: " in line}
    found = verdicts[MISTAKES.name]
    assert len(planted) >= 15
    assert not {line for number, line in planted.items() if number not in found}, "not found"
    assert not {number: messages for number, messages in found.items() if number not in planted}, "false errors"


def test_programs_are_long_enough():
    assert sum(len(path.read_text().splitlines()) for path in ACCEPTED) >= 200


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_programs_run(path):
    """What is accepted here also works: a stub that promises too much would be no help."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)], env=ENVIRONMENT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def kind_of(value):
    """The type of a result, in the checker's words."""
    if type(value) is tuple:
        return f"tuple[{', '.join(map(kind_of, value))}]"
    return type(value).__name__


@needs_pyright
def test_samples_are_accepted_and_give_what_is_promised(verdicts):
    """Of every operator: its samples have no error, and what they return is of the type that the stubs say."""
    wrong = {}
    for number, sample in enumerate(CALLS, len(HEAD) + 1):
        (message, *others) = verdicts["samples.py"][number]
        said = re.fullmatch('Type of ".*" is "(.*)"', message, re.DOTALL)
        if others or said is None:
            wrong[call_of(sample)] = [message, *others]
            continue
        result = kind_of(sample.run(mibun, [mibun.from_numpy(array) for array in sample.arrays()]))
        several = re.sub(r"^tuple\[(Tensor(, )?)*\]$", "tuple[Tensor, ...]", result)
        if said[1] not in (result, several):
            wrong[call_of(sample)] = f"{said[1]}, but it gave {result}"
    assert not wrong, "\n".join(f"{call}: {what}" for call, what in wrong.items())


# --- the language server ---

SOURCE = """\
import mibun as torch

layer = torch.nn.Linear(3, 4)
t = torch.randn(2, 3)
t.ex
torch.ex
torch.exp(t)
torch.sum(t, dim=0)
t.expand(2, 3)
torch.optim.AdamW
t.topk(1).values.ad
"""


class LanguageServer:
    """Enough of a client to ask about one open file."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from pyright.langserver import main; main('--stdio')"],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.number = 0
        self.uri = (folder / "program.py").as_uri()
        root = folder.as_uri()
        capabilities = {"textDocument": {
            "hover": {"contentFormat": ["markdown"]}, "completion": {"completionItem": {}},
        }}  # fmt: skip
        self.ask("initialize", processId=None, rootUri=root, capabilities=capabilities,
                 workspaceFolders=[{"uri": root, "name": "programs"}])  # fmt: skip
        self.send("initialized")
        opened = {"uri": self.uri, "languageId": "python", "version": 1, "text": SOURCE}
        self.send("textDocument/didOpen", textDocument=opened)

    def write(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def send(self, method, **params):
        self.write({"method": method, "params": params})

    def read(self):
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the language server ended")
        return json.loads(self.process.stdout.read(length))

    def ask(self, method, **params):
        """The answer to a request; what the server asks meanwhile gets null."""
        self.number += 1
        self.write({"id": self.number, "method": method, "params": params})
        while True:
            message = self.read()
            if message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            if "id" in message and "method" in message:
                wanted = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
                self.write({"id": message["id"], "result": wanted and [None] * len(wanted)})

    def at(self, line, column):
        """The arguments of a question about a place in SOURCE, both counted from 1."""
        return {"textDocument": {"uri": self.uri}, "position": {"line": line - 1, "character": column - 1}}

    def after(self, text):
        """The place after the first line that contains `text`, where it ends."""
        for number, line in enumerate(SOURCE.splitlines(), 1):
            if text in line:
                return self.at(number, line.index(text) + len(text) + 1)
        raise ValueError(text)

    def hover(self, text):
        return self.ask("textDocument/hover", **self.after(text))["contents"]["value"]

    def completions(self, text):
        answer = self.ask("textDocument/completion", **self.after(text))
        return [item["label"] for item in (answer["items"] if isinstance(answer, dict) else answer)]

    def definitions(self, text):
        """The files, with the line, where a name is defined."""
        return [
            (Path(place["uri"].removeprefix("file://")), place["range"]["start"]["line"])
            for place in self.ask("textDocument/definition", **self.after(text))
        ]


@pytest.fixture(scope="module")
def server(tmp_path_factory, verdicts):
    folder = settings(tmp_path_factory.mktemp("edited"))
    (folder / "program.py").write_text(SOURCE)
    made = LanguageServer(folder)
    yield made
    made.process.kill()
    made.process.wait()
    made.process.stdin.close()
    made.process.stdout.close()


@needs_pyright
def test_hover_of_a_layer(server):
    shown = server.hover("torch.nn.Linear")
    assert re.search(r"class Linear\(\s*in_features: int,\s*out_features: int,\s*bias: bool = True", shown), shown
    words = re.findall(r"\w+", (mibun.nn.Linear.__doc__ or "").splitlines()[0])
    assert words and all(word in shown for word in words), shown


@needs_pyright
def test_hover_of_a_function_and_of_a_method(server):
    shown = server.hover("torch.sum")
    assert "input: Tensor" in shown and "-> Tensor" in shown and "The sum of all elements" in shown, shown
    shown = server.hover("t.expand")
    assert "size: int" in shown and "-> Tensor" in shown and "without a copy" in shown, shown


@needs_pyright
def test_completions(server):
    of_module, of_tensor = server.completions("torch.ex"), server.completions("t.ex")
    assert {"exp", "exp2", "expm1"} <= set(of_module)
    assert {"exp", "exp_", "exp2", "expand", "expand_as", "expm1", "exponential_"} <= set(of_tensor)
    assert {"add", "addmm", "add_"} <= set(server.completions("t.topk(1).values.ad"))


@needs_pyright
def test_definitions_lead_to_the_source(server):
    """A name is found where it stands in the source (an operator: where it is declared), not only in a stub."""
    for text, source in (
        ("torch.nn.Linear", "class Linear(Module):"),
        ("torch.optim.AdamW", "class AdamW("),
        ("torch.sum", "def sum("),
        ("torch.exp", "def exp(xp, "),
    ):
        found = [(path, path.read_text().splitlines()[line]) for path, line in server.definitions(text)]
        assert any(path.suffix == ".py" and source in line for path, line in found), found


# --- the stubs ---


@pytest.mark.skipif(not (ROOT / "tools" / "stubs.py").is_file(), reason="needs a checkout")
def test_stubs_are_fresh():
    done = subprocess.run(
        [sys.executable, "-m", "tools.stubs", "--check"],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_names_loaded_on_demand_are_listed():
    names = dir(mibun)
    assert {"nn", "optim", "utils", "linalg", "fft", "special", "func", "save", "load", "set_num_threads"} <= set(names)
    assert names == sorted(set(names))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some names are deprecated
        for name in names:
            getattr(mibun, name)
