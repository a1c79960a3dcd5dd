"""Under `mibun run` and `import mibun.as_torch`, what is public says that it is torch's, in child processes too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import mibun
from mibun._alias import FOLDER
from mibun._identity import PYTORCH

SOURCE = str(Path(mibun.__file__).parents[1])
VERSION = f"{PYTORCH}+mibun{mibun.__version__}"


def start(*command, cwd, **variables):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE"))}
    environment = {**environment, "PYTHONPATH": SOURCE, "NO_COLOR": "1", **variables}
    command = [sys.executable, *command]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)


WAYS = {
    "run": (["-m", "mibun", "run", "program.py"], "", {}),
    "as_torch": (["program.py"], "import mibun.as_torch\n", {}),
    "folder": (["program.py"], "", {"PYTHONPATH": os.pathsep.join([FOLDER, SOURCE])}),
}


def run(source, cwd, way="run"):
    command, before, variables = WAYS[way]
    (cwd / "program.py").write_text(before + source, encoding="utf-8")
    return start(*command, cwd=cwd, **variables)


WHO = """\
import importlib.metadata as metadata, importlib.util, pickle, sys, warnings
warnings.simplefilter("error")
print(importlib.util.find_spec("torch") is not None, metadata.version("torch"), metadata.distribution("torch").name)
assert "torch" in metadata.packages_distributions()["torch"]
import torch, mibun, torch.nn.functional as F, functorch, torch.utils.data
assert torch is mibun and functorch is mibun.functorch
print(torch.__name__, torch.__version__, torch.version.__version__, torch.nn.__name__, F.__name__, functorch.__name__)
print(type(torch.__version__).__name__, torch.__version__ >= (2, 13), "2.0" < torch.__version__ < "3")
y = torch.ones(2, requires_grad=True) * 2
node = y.grad_fn
print(torch.Tensor, torch.nn.Linear, torch.nn.CELU, torch.optim.AdamW, type(node), type(node.next_functions[0][0]))
print(torch.add.__module__, torch.Tensor.add.__module__, F.gelu.__module__, torch.nn.Linear.forward.__module__)
print(torch.get_default_device.__module__, torch.utils.data.DataLoader.__module__, torch.device.__module__)
class Own(torch.Tensor):
    pass
print(Own.__module__, torch.add.__module__, F.gelu.__module__, torch.autograd.grad.__module__)
print(torch.special.zeta.__module__)
things = [torch.add, F.gelu, torch.nn.Linear, torch.Tensor, torch.float32, torch.Size([2]), torch.no_grad]
things += [torch.LongTensor]
assert b"mibun" not in pickle.dumps(things)
assert pickle.loads(pickle.dumps(things)) == things
layer = pickle.loads(pickle.dumps(torch.nn.Linear(2, 3)))
assert type(layer) is torch.nn.Linear
"""
EXPECTED = f"""\
True {VERSION} torch
torch {VERSION} {VERSION} torch.nn torch.nn.functional functorch
TorchVersion True True
<class 'torch.Tensor'> <class 'torch.nn.modules.linear.Linear'> <class 'torch.nn.modules.activation.CELU'> \
<class 'torch.optim.adamw.AdamW'> <class 'MulBackward0'> <class 'AccumulateGrad'>
torch torch torch.nn.functional torch.nn.modules.linear
torch torch.utils.data.dataloader torch
__main__ torch torch.nn.functional torch.autograd
torch.special
"""


@pytest.mark.parametrize("way", WAYS)
def test_names(tmp_path, way):
    done = run(WHO, tmp_path, way)
    assert (done.stdout, done.stderr) == (EXPECTED, "")


CHILDREN = """\
import multiprocessing, os, subprocess, sys, torch
def work(queue, layer):
    import importlib.metadata
    queue.put((torch.__name__, type(layer).__module__, importlib.metadata.version("torch")))
if __name__ == "__main__":
    for method in ("spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        queue = context.Queue()
        process = context.Process(target=work, args=(queue, torch.nn.Linear(1, 1)))
        process.start()
        print(*queue.get(timeout=60))
        process.join()
    if os.environ.get("PYTHONPATH", "").startswith(sys.argv[1]):
        code = "import torch, importlib.metadata as m; "
        code += "print(torch.__name__, torch.nn.Linear.__module__, m.version('torch'))"
        subprocess.run([sys.executable, "-c", code], check=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="forkserver")
@pytest.mark.parametrize("way", WAYS)
def test_children(tmp_path, way):
    done = run(CHILDREN.replace("sys.argv[1]", repr(FOLDER)), tmp_path, way)
    line = f"torch torch.nn.modules.linear {VERSION}"
    assert (sorted(done.stdout.splitlines()), done.stderr) == ([line] * (2 if way == "as_torch" else 3), "")


def test_nothing_is_renamed_without_being_asked():
    assert (
        mibun.__name__ == "mibun" and mibun.nn.__name__ == "mibun.nn" and mibun.nn.Linear.__module__.startswith("mibun")
    )
    assert isinstance(mibun.__version__, str) and PYTORCH not in mibun.__version__


def test_pickles_of_mibun_are_read_under_its_other_name(tmp_path):
    done = start(
        "-c",
        "import mibun, pickle; pickle.dump([mibun.nn.Linear(1, 1), mibun.add, mibun.ones(2)], open('p', 'wb'))",
        cwd=tmp_path,
    )
    assert done.stderr == ""
    done = run("import pickle; print(pickle.load(open('p', 'rb'))[2])\n", tmp_path)
    assert (done.stdout, done.stderr) == ("tensor([1., 1.])\n", "")


def test_metadata_says_the_same_version():
    (found,) = Path(FOLDER).glob("*.dist-info")
    assert found.name == f"torch-{VERSION}.dist-info"
    assert f"\nName: torch\nVersion: {VERSION}\n" in (found / "METADATA").read_text(encoding="utf-8")


def test_another_python_finds_its_own_torch(tmp_path):
    """PYTHONPATH is inherited by programs of other environments, too: those without mibun are left alone."""
    (tmp_path / "torch.py").write_text("own = True\n")
    code = "import torch; print(torch.own)"
    done = start("-S", "-c", code, cwd="/", PYTHONPATH=os.pathsep.join([FOLDER, str(tmp_path)]))
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_shell(tmp_path):
    """Python's own interpreter, where IPython is hidden."""
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util\nfind = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'IPython' else find(name, *rest)\n"
    )
    path = os.pathsep.join([SOURCE, str(tmp_path)])
    done = start("-m", "mibun", "shell", "-c", "import torch; print(torch.__name__)", cwd=tmp_path, PYTHONPATH=path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "torch\n", "")


def test_kernel(tmp_path):
    """The kernel is started as `mibun run`; what installs it is Jupyter's own (here a stand-in that copies)."""
    (tmp_path / "ipykernel.py").write_text("")
    (tmp_path / "jupyter_client").mkdir()
    (tmp_path / "jupyter_client" / "__init__.py").write_text("")
    (tmp_path / "jupyter_client" / "kernelspec.py").write_text(
        "import os, shutil\nclass KernelSpecManager:\n    def install_kernel_spec(self, source, name, prefix):\n"
        "        return shutil.copytree(source, os.path.join(prefix, name))\n"
    )
    path = os.pathsep.join([SOURCE, str(tmp_path)])
    done = start("-m", "mibun", "jupyter", "--prefix", str(tmp_path), "--name", "k", cwd=tmp_path, PYTHONPATH=path)
    assert done.returncode == 0 and "choose it in a notebook" in done.stdout
    kernel = json.loads((tmp_path / "k" / "kernel.json").read_text())
    assert kernel["argv"][1:] == ["-m", "mibun", "run", "-m", "ipykernel_launcher", "-f", "{connection_file}"]


def test_kernel_without_jupyter_is_said_in_a_sentence(tmp_path):
    done = start("-S", "-c", "import mibun", cwd=tmp_path)
    code = "import sys, mibun.cli; sys.exit(mibun.cli.main(['jupyter']))"
    hidden = "import importlib.util; importlib.util.find_spec = lambda name: None; "
    done = start("-c", hidden + code, cwd=tmp_path)
    assert done.returncode == 1 and "a kernel needs ipykernel and jupyter_client" in done.stderr


def test_alias_is_installed_and_removed(tmp_path, monkeypatch, capsys):
    from mibun import _interpreters

    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    assert _interpreters.install_alias() == 0
    assert (tmp_path / "mibun-as-torch.pth").read_text() == f"{FOLDER}\n"
    assert _interpreters.remove_alias() == 0 and not list(tmp_path.glob("*.pth"))
    assert _interpreters.remove_alias() == 1
    (tmp_path / "torch").mkdir()
    assert _interpreters.install_alias() == 1 and "PyTorch is installed" in capsys.readouterr().err


FOUND = """\
import importlib, json, pickle, sys, types
import torch
lost, seen = [], 0
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for key in getattr(module, "__all__", dir(module)):
        value = getattr(module, key, None)
        if key.startswith("_") or not isinstance(value, (type, types.FunctionType)):
            continue
        if value.__module__.split(".")[0] in ("torch", "mibun"):
            seen += 1
            try:
                if pickle.loads(pickle.dumps(value)) is not value:
                    lost.append((name, key, "another"))
            except Exception as error:
                lost.append((name, key, str(error)))
print(json.dumps([lost, seen]))
"""
MODULES = """
torch torch.nn torch.nn.functional torch.nn.init torch.nn.utils torch.nn.utils.parametrize torch.nn.utils.rnn
torch.nn.parameter torch.optim torch.optim.lr_scheduler torch.optim.swa_utils torch.utils.data torch.utils.checkpoint
torch.utils.hooks torch.utils._pytree torch.linalg torch.fft torch.special torch.autograd torch.autograd.functional
torch.autograd.graph torch.autograd.forward_ad torch.func torch.testing torch.signal.windows torch.hub torch.quasirandom
torch.random torch.overrides torch.storage torch.return_types torch.profiler torch.functional
""".split()


def test_pickle_finds_everything_under_its_name(tmp_path):
    (tmp_path / "found.py").write_text(FOUND)
    done = start("-W", "ignore", "-m", "mibun", "run", "found.py", *MODULES, cwd=tmp_path)
    lost, seen = json.loads(done.stdout)
    assert lost == [] and seen > 1300 and done.stderr == ""


HINTS = """\
import importlib, json, sys, typing
import torch
lost, seen = [], 0
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for key in getattr(module, "__all__", dir(module)):
        value = getattr(module, key, None)
        if isinstance(value, type) and value.__module__.split(".")[0] in ("torch", "mibun"):
            seen += 1
            try:
                typing.get_type_hints(value)
            except Exception as error:
                lost.append((name, key, str(error)))
print(json.dumps([lost, seen]))
"""


def test_annotations_mean_what_they_do_in_their_own_module(tmp_path):
    (tmp_path / "hints.py").write_text(HINTS)
    names = [name for name in MODULES if name != "torch.return_types"]
    done = start("-W", "ignore", "-m", "mibun", "run", "hints.py", *names, cwd=tmp_path)
    lost, seen = json.loads(done.stdout)
    assert lost == [] and seen > 250 and done.stderr == ""
