"""Signatures of optimizers, schedulers, data loading and checkpointing against installed PyTorch.

Names, order, kinds and defaults of the arguments of every class, of its public methods, and of every function that both
libraries have.
"""

import importlib
import inspect

import pytest

torch = pytest.importorskip("torch")

MODULES = ["optim", "optim.optimizer", "optim.lr_scheduler", "utils.data", "utils.checkpoint"]
# There are no accelerators to choose the first from; PyTorch's default generator is what None stands for here.
DIFFERENT = {"random_split", "DefaultDeviceType.set_device_type"}
METHODS = ("__add__", "__getitem__", "__getitems__", "__iter__", "__len__")


def public(name):
    """Pairs of name and function: everything in a module that mibun defines and PyTorch has too."""
    ours, theirs = (importlib.import_module(f"{library}.{name}") for library in ("mibun", "torch"))
    for key in sorted(set(vars(ours)) & set(vars(theirs))):
        mine, other = getattr(ours, key), getattr(theirs, key)
        if key.startswith("_") or not getattr(mine, "__module__", "").startswith(f"mibun.{name.split('.')[0]}."):
            continue
        if inspect.isfunction(mine):
            yield key, mine, other
        elif inspect.isclass(mine) and key not in ("CheckpointFunction", "CheckpointError"):  # not made by users
            yield key, mine, other
            for method in sorted(set(dir(mine)) & set(dir(other))):
                if inspect.isfunction(getattr(mine, method)) and (method[0] != "_" or method in METHODS):
                    yield f"{key}.{method}", getattr(mine, method), getattr(other, method)


def arguments(function):
    return [
        (p.name, p.kind, repr(p.default) if not callable(p.default) or p.default is p.empty else p.default.__name__)
        for p in inspect.signature(function).parameters.values()
    ]


CASES = {f"{module}.{name}": pair for module in MODULES for name, *pair in public(module) if name not in DIFFERENT}


@pytest.mark.parametrize("name", CASES)
def test_same_arguments(name):
    ours, theirs = CASES[name]
    assert arguments(ours) == arguments(theirs)


def test_nothing_was_overlooked():
    assert len(CASES) > 150
    assert {"optim.Adam", "optim.lr_scheduler.CyclicLR", "utils.data.DataLoader", "utils.checkpoint.checkpoint"} <= set(
        CASES
    )
