"""The public names of PyTorch: what mibun has not of them is in docs/absent_names.md, with the reason, and no more.

A name that is there now and still in the list fails, and so does one that is absent and not listed. After a merge,
`python tests/oracle/test_public_names.py` takes the names out of the list that are there now, and prints those that
need a reason.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

LIST = Path(__file__).parents[2] / "docs" / "absent_names.md"
MODULES = """
torch torch.accelerator torch.amp torch.ao torch.autograd torch.autograd.forward_ad torch.autograd.functional
torch.autograd.graph torch.autograd.profiler torch.backends torch.backends.cuda torch.backends.cudnn torch.backends.mkl
torch.backends.mps torch.compiler torch.cpu torch.cuda torch.cuda.amp torch.distributed torch.distributed.fsdp
torch.distributions torch.distributions.constraints torch.distributions.transforms torch.export torch.fft torch.func
torch.functional torch.futures torch.fx torch.hub torch.jit torch.library torch.linalg torch.masked torch.monitor
torch.mps torch.mtia torch.multiprocessing torch.nested torch.nn torch.nn.attention torch.nn.functional torch.nn.init
torch.nn.modules torch.nn.parallel torch.nn.parameter torch.nn.utils torch.nn.utils.parametrizations
torch.nn.utils.parametrize torch.nn.utils.prune torch.nn.utils.rnn torch.nn.utils.stateless torch.onnx torch.optim
torch.optim.lr_scheduler torch.optim.swa_utils torch.overrides torch.package torch.profiler torch.quantization
torch.quasirandom torch.random torch.return_types torch.serialization torch.signal.windows torch.sparse torch.special
torch.storage torch.testing torch.torch_version torch.types torch.utils torch.utils._pytree torch.utils._python_dispatch
torch.utils.benchmark torch.utils.checkpoint torch.utils.data torch.utils.data.distributed torch.utils.dlpack
torch.utils.flop_counter torch.utils.hooks torch.utils.model_zoo torch.utils.weak torch.version torch.xpu
torch.__config__ torch.__future__
""".split()
CLASSES = """
torch.Generator torch.Size torch.Tensor torch.TypedStorage torch.UntypedStorage torch.autograd.Function torch.device
torch.dtype torch.nn.Module torch.optim.Optimizer torch.utils.data.DataLoader
""".split()


def public_names(place: ModuleType | type) -> list[str]:
    """What is public in a module: `__all__`, or what is its own, of modules and classes without one."""
    if hasattr(place, "__all__"):
        return sorted({name for name in place.__all__ if not name.startswith("_")})
    if isinstance(place, type):
        return [name for name in dir(place) if not name.startswith("_")]
    names = []
    for name in dir(place):
        value = getattr(place, name, None)
        if name.startswith("_"):
            continue
        inside = f"{place.__name__}."
        if isinstance(value, ModuleType):
            own = value.__name__.startswith(inside)
        elif isinstance(value, (type, FunctionType)):  # a package also shows what is written in its modules
            module = str(getattr(value, "__module__", None))
            own = module == place.__name__ or (hasattr(place, "__path__") and module.startswith(inside))
        else:
            own = name != "TYPE_CHECKING" and type(value).__module__ != "typing"
        if own:
            names.append(name)
    return names


def found(path: str, library: ModuleType) -> object:
    """The module or class of that path in a library; None where it is not there."""
    path = library.__name__ + path.removeprefix("torch")
    parent, _, name = path.rpartition(".")
    try:
        return importlib.import_module(path)
    except ImportError:
        try:
            return getattr(importlib.import_module(parent), name, None)
        except (ImportError, ValueError):
            return None


def has(place: object, name: str) -> bool:
    if hasattr(place, name):
        return True
    try:  # a module that is only there when it is imported, as in PyTorch
        importlib.import_module(f"{getattr(place, '__name__', '')}.{name}")
    except ImportError:
        return False
    return True


def absent() -> dict[str, set[str]]:
    """Path -> what mibun has not there; of a whole module, `*`."""
    result = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("torch.utils.mkldnn")  # which other tests may have loaded, or not
        for path in MODULES + CLASSES:
            theirs, ours = found(path, torch), found(path, mibun)
            if ours is None:
                result[path] = {"*"}
            else:
                result[path] = {name for name in public_names(theirs) if not has(ours, name)}
    return result


def listed() -> dict[str, set[str]]:
    """What the list has: lines `* \\`torch.cuda\\`: name name`, each under a heading that is the reason."""
    result: dict[str, set[str]] = {}
    for path, names in re.findall(r"^\* `([\w.]+)`: ((?:.|\n(?!\*|#|\n))+)", LIST.read_text("utf-8"), re.MULTILINE):
        given = set(re.findall(r"[\w*]+", names))
        assert not given & result.setdefault(path, set()), f"{path}: {given & result[path]} are in the list twice"
        result[path] |= given
    return result


def test_what_is_absent_is_listed_with_the_reason():
    are, said = absent(), listed()
    without_reason = {path: sorted(names - said.get(path, set())) for path, names in are.items()}
    there_now = {path: sorted(names - are.get(path, set())) for path, names in said.items()}
    assert {path: names for path, names in without_reason.items() if names} == {}, "absent, and not in the list"
    assert {path: names for path, names in there_now.items() if names} == {}, "in the list, though they are there now"


def test_every_section_of_the_list_gives_a_reason():
    sections = re.split(r"^## ", LIST.read_text("utf-8"), flags=re.MULTILINE)[1:]
    for section in sections:
        title, _, rest = section.partition("\n")
        reason = rest.partition("\n* ")[0].strip()
        assert len(reason) > 20, f"{title}: no reason"
        assert "\n* `" in rest, f"{title}: no names"


def test_the_measure_sees_a_name_that_is_absent():
    assert "sin" in public_names(torch) and "Linear" in public_names(torch.nn) and "add" in public_names(torch.Tensor)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert sum(len(public_names(found(path, torch))) for path in MODULES if found(path, torch)) > 2500
    assert has(mibun, "sin") and not has(mibun, "no_such_name") and found("torch.no_such_module", mibun) is None


def shrink() -> None:
    """Take the names that are there now out of the list, and print those that need a reason."""
    are = absent()

    def kept(match: re.Match) -> str:
        names = [name for name in re.findall(r"[\w*]+", match[2]) if name in are.get(match[1], ())]
        return wrapped(match[1], names) if names else ""

    text = re.sub(r"^\* `([\w.]+)`: ((?:.|\n(?!\*|#|\n))+)\n", kept, LIST.read_text("utf-8"), flags=re.MULTILINE)
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    text = "".join([sections[0], *[section for section in sections[1:] if "\n* `" in section]])
    LIST.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    said = listed()
    for path, names in are.items():
        if names - said.get(path, set()):
            print(wrapped(path, sorted(names - said.get(path, set()))), end="")


def wrapped(path: str, names: list[str]) -> str:
    lines = [f"* `{path}`:"]
    for name in names:
        if len(lines[-1]) + len(name) + 1 > 120:
            lines.append(" ")
        lines[-1] += f" {name}"
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(shrink())
