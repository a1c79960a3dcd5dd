"""`__torch_function__`: subclasses that are kept, subclasses and modes that take over, and plain Tensors untouched."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mibun as torch
from mibun.overrides import TorchFunctionMode, handle_torch_function, has_torch_function, resolve_name


class Kept(torch.Tensor):
    pass


class Logged(torch.Tensor):
    log: list = []

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        cls.log.append(getattr(func, "__name__", str(func)))
        return super().__torch_function__(func, types, args, kwargs)


@pytest.fixture
def logged():
    Logged.log.clear()
    return Logged([1.0, 2.0])


@pytest.mark.parametrize(
    "use",
    [
        lambda x: x + 1,
        lambda x: 1 + x,
        lambda x: torch.ones(2) * x,
        lambda x: x @ x,
        lambda x: x.sum(),
        lambda x: -x,
        lambda x: x[0],
        lambda x: x.view(-1),
        lambda x: x[None].T,
        lambda x: x.max(0).values,
        lambda x: torch.sin(x),
        lambda x: torch.cat([x, x]),
        lambda x: x.chunk(2)[1],
        lambda x: torch.nn.functional.relu(x),
        lambda x: x.clone(),
        lambda x: x.detach(),
        lambda x: torch.zeros_like(x),
        lambda x: x.new_ones(3),
        lambda x: torch.add(torch.ones(2), x),
        lambda x: torch.nn.Linear(2, 2)(x),
        lambda x: x.to(torch.float64),
        lambda x: x == x,
        lambda x: x.add_(1),
    ],
)
def test_results_keep_the_subclass(use):
    assert type(use(Kept([1.0, 2.0]))) is Kept


def test_plain_tensors_and_parameters_stay_plain():
    assert type(torch.ones(2) + 1) is torch.Tensor
    assert type(torch.sin(torch.nn.Parameter(torch.ones(2)))) is torch.Tensor


def test_gradients_pass_through_subclasses():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x.as_subclass(Kept)
    assert type(y) is Kept and y.grad_fn.name() == "AliasBackward0" and y._base is x
    (y * y).sum().backward()
    assert x.grad.tolist() == [2.0, 4.0] and type(x.grad) is torch.Tensor
    leaf = torch.Tensor._make_subclass(Kept, torch.ones(2), True)
    assert leaf.is_leaf and leaf.requires_grad and type(leaf) is Kept
    parameter = torch.nn.Parameter(Kept([1.0]))
    assert type(parameter) is Kept and isinstance(parameter, torch.nn.Parameter)


def test_an_override_is_told_the_function_and_asked_once(logged):
    torch.exp(logged)
    assert Logged.log == ["exp"]
    Logged.log.clear()
    assert logged.shape == (2,)
    assert 2 + logged is not None and logged[0] is not None
    assert Logged.log == ["__get__", "add", "_getitem"] or Logged.log == ["__get__", "add", "__getitem__"]


def test_an_override_may_answer_itself():
    class Answer(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            return "mean" if func is torch.mean else NotImplemented

    x = Answer([1.0])
    assert torch.mean(x) == "mean"
    with pytest.raises(TypeError, match="no implementation found for 'torch.sin' on types that implement"):
        torch.sin(x)


def test_the_subclass_is_asked_before_its_base():
    class Below(Logged):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            return "below"

    assert torch.add(Logged([1.0]), Below([1.0])) == "below"
    assert torch.stack([Logged([1.0]), Below([1.0])]) == "below"


def test_any_type_may_take_over():
    class Metre:
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            return resolve_name(func), types

    assert torch.add(torch.ones(1), Metre()) == ("torch.add", (Metre,))
    assert has_torch_function((Metre(),)) and not has_torch_function((torch.ones(1), 2))

    def own(x):
        return handle_torch_function(own, (x,), x)

    assert own(Metre())[1] == (Metre,)


def test_disabling(logged):
    with torch._C.DisableTorchFunctionSubclass():
        assert type(logged + 1) is torch.Tensor
    assert Logged.log == []


def test_a_mode_sees_every_call_and_is_off_inside_of_itself():
    seen = []

    class Mode(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            seen.append(func.__name__)
            return func(*args, **(kwargs or {}))

    with Mode():
        x = torch.ones(2) + 1
    assert seen == ["ones", "add"] and x.tolist() == [2.0, 2.0]
    torch.zeros(1)
    assert seen == ["ones", "add"]


_PICKLES = """
import pickle, sys
from types import FunctionType
import mibun as torch
from mibun.core.registry import FUNCTIONS
import mibun.nn.functional as F

def functions():
    found = {name: getattr(torch, name) for name in FUNCTIONS}
    found |= {"F." + name: getattr(F, name) for name in F.__all__}
    found |= {"Tensor." + name: value for name, value in vars(torch.Tensor).items()}
    return {name: value for name, value in found.items() if isinstance(value, FunctionType)}

def lost(found):
    return [name for name, value in found.items() if pickle.loads(pickle.dumps(value, 2)) is not value]

before = functions()
class Kept(torch.Tensor): pass
print(lost(before), lost(functions()), lost({"Kept.add": Kept.add}))
class Mode(torch.overrides.TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        return func(*args, **(kwargs or {}))
with Mode():
    torch.zeros(1)
print(lost(before), lost(functions()))
with open(sys.argv[1], "wb") as file:
    pickle.dump((before, functions()), file)
"""


def test_functions_can_be_pickled_whether_or_not_they_have_been_exchanged(tmp_path):
    """Those that a program held before it made a subclass too, and a process that has made none can read them."""
    path = str(tmp_path / "functions")
    run = [sys.executable, "-c", _PICKLES, path]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "[] [] []\n[] []\n"
    read = "import pickle, sys; held, new = pickle.load(open(sys.argv[1], 'rb')); print(held == new, len(new) > 900)"
    run = [sys.executable, "-c", read, path]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "True True\n"


def test_a_mode_is_asked_about_what_layers_make():
    seen = []

    class Mode(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            seen.append(func.__name__)
            return func(*args, **(kwargs or {}))

    with Mode():
        torch.nn.Linear(2, 1)
    assert "empty" in seen


def test_errors_name_a_function_as_it_was_called():
    class Sub(torch.Tensor):  # from now on the functions are those that ask
        pass

    with pytest.raises(TypeError, match=r"^zeros\(\) got an unexpected keyword argument 'foo'$"):
        torch.zeros(2, foo=1)
    with pytest.raises(TypeError, match=r"^add\(\) got an unexpected keyword argument 'foo'$"):
        torch.add(torch.ones(1), 2, foo=1)
