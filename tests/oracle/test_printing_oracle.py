"""Printed forms against installed PyTorch: thousands of seeded random tensors, and the awkward ones by hand.

The tensors are stand-ins with the few attributes that printing reads, so this file tests printing alone.
"""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mibun.autograd.forward_ad import dual_level  # noqa: E402
from mibun.compat import printing  # noqa: E402
from mibun.core import dtypes  # noqa: E402
from mibun.core.mode import MODE  # noqa: E402

FLOATS = ("float16", "float32", "float64", "bfloat16")
COMPLEX = ("complex64", "complex128")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64")
SPECIAL = (0.0, -0.0, 1.0, -1.0, math.nan, math.inf, -math.inf, 1e8, 100000001.0, 1e-4, 9.9e-5, 1000.0, 1001.0, 0.5)


class Tensor:
    """What printing needs to know about a tensor, taken from a torch tensor."""

    def __init__(self, theirs):
        dtype = str(theirs.dtype).removeprefix("torch.")
        self.dtype = getattr(dtypes, dtype)
        plain = theirs.detach().resolve_conj()
        self._array_ = plain.float().numpy().astype(self.dtype.np) if dtype == "bfloat16" else plain.numpy()
        self.shape = tuple(theirs.shape)
        self.requires_grad = theirs.requires_grad
        self.grad_fn = theirs.grad_fn
        self._tangent_ = None


@pytest.fixture(autouse=True)
def default_options():
    yield
    set_both(profile="default")
    torch.set_default_dtype(torch.float32)
    dtypes.set_default_dtype(dtypes.float32)


def set_both(**options):
    torch.set_printoptions(**options)
    printing.set_printoptions(**options)


def check(theirs):
    assert printing.tensor_repr(Tensor(theirs)) == repr(theirs)


def random_values(rng, count, dtype):
    """Numbers of one of several looks: integers, prices, wide ranges, few special ones mixed in."""
    look = rng.integers(8)
    if dtype == "bool":
        return rng.random(count) < 0.5
    if dtype in INTEGERS:
        limits = torch.iinfo(getattr(torch, dtype))
        top = min(limits.max, int(10 ** rng.uniform(0, 19)))
        return rng.integers(max(limits.min, -top) if look % 2 else 0, top, count, endpoint=True)
    if look == 0:
        values = rng.integers(-9, 9, count).astype("f8")
    elif look == 1:
        values = np.rint(rng.standard_normal(count) * 10 ** rng.uniform(0, 10))
    elif look == 2:
        values = rng.standard_normal(count)
    elif look == 3:
        values = 10 ** rng.uniform(-7, 10, count)
    elif look == 4:
        values = rng.random(count) * 10 ** rng.uniform(-6, 9)
    elif look == 5:
        values = rng.uniform(1, 10 ** rng.uniform(2.5, 3.5), count)
    elif look == 6:
        values = rng.choice(SPECIAL, count)
    else:
        values = np.round(rng.standard_normal(count), 1) * 100
    if rng.random() < 0.3:
        values = np.where(rng.random(count) < 0.2, rng.choice(SPECIAL, count), values)
    return values


def random_tensor(rng, largest=60):
    dtype = rng.choice(FLOATS + COMPLEX + INTEGERS + ("bool",))
    ndim = int(rng.choice(6, p=(0.1, 0.3, 0.3, 0.2, 0.05, 0.05)))
    smallest = 0 if rng.random() < 0.1 else 1
    shape = tuple(rng.integers(smallest, (0, largest, 12, 6, 4, 3)[ndim], ndim, endpoint=True).tolist())
    count = math.prod(shape)
    values = random_values(rng, count, dtype)
    with np.errstate(all="ignore"):
        if dtype in COMPLEX:
            whole = np.empty(count, "c16")
            whole.real, whole.imag = values, random_values(rng, count, dtype)
            values = whole
        elif dtype in INTEGERS:
            values = values.astype(dtype)
        made = torch.tensor(values).to(getattr(torch, dtype)).reshape(shape)
    if dtype in FLOATS + COMPLEX and rng.random() < 0.3:
        made.requires_grad_()
        if rng.random() < 0.7:
            made = made * 1
    return made


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
@pytest.mark.parametrize("seed", range(10))
def test_random_tensors(seed):
    rng = np.random.default_rng(seed)
    for _ in range(250):
        check(random_tensor(rng))


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
@pytest.mark.parametrize("seed", range(6))
def test_random_tensors_under_random_options(seed):
    rng = np.random.default_rng(1000 + seed)
    for _ in range(150):
        set_both(
            precision=int(rng.integers(0, 9)),
            threshold=int(rng.integers(0, 60)),
            edgeitems=int(rng.integers(1, 6)),
            linewidth=int(rng.integers(1, 130)),
            sci_mode=[None, True, False][rng.integers(3)],
        )
        check(random_tensor(rng, largest=100))


@pytest.mark.parametrize("default", ["float32", "float64", "float16", "bfloat16"])
def test_the_default_dtype_is_not_shown(default):
    torch.set_default_dtype(getattr(torch, default))
    dtypes.set_default_dtype(getattr(dtypes, default))
    for dtype in FLOATS + COMPLEX + INTEGERS + ("bool",):
        if default in ("float16", "bfloat16") and dtype == "complex64":
            continue  # PyTorch's default complex dtype is complex32 then, or none, where mibun has complex64
        for shape in ((), (3,), (0,), (2, 0), (2, 3)):
            check(torch.ones(shape).to(getattr(torch, dtype)))


@pytest.mark.parametrize("dtype", FLOATS)
def test_every_pair_of_special_values(dtype):
    for first in SPECIAL:
        check(torch.tensor(first).to(getattr(torch, dtype)))
        for second in SPECIAL:
            check(torch.tensor([first, second]).to(getattr(torch, dtype)))
            if dtype in ("float32", "float64"):
                check(torch.complex(*torch.tensor([[first], [second]], dtype=getattr(torch, dtype))))


@pytest.mark.parametrize("shape", [(1001,), (2000, 1), (1, 2000), (10, 11, 12), (7, 7, 21), (3, 2, 2, 99), (500, 2, 2)])
@pytest.mark.parametrize("dtype", ["float32", "complex64", "int64", "bool"])
def test_summaries(shape, dtype):
    count = math.prod(shape)
    for numbers in (torch.arange(count), torch.arange(count) * 0.37, torch.arange(count) % 5 - 2.0):
        check(numbers.to(getattr(torch, dtype)).reshape(shape))


def test_summary_of_a_transposed_tensor_chooses_the_format_from_what_is_shown():
    numbers = torch.ones(60, 60)
    numbers[30, 30] = 1e9  # hidden
    check(numbers)
    check((torch.arange(3600.0) / 7).reshape(60, 60).t())


def test_conjugate_views_are_printed_resolved():
    check(torch.tensor([1 + 2j, -3.5 - 1j]).conj())


@pytest.mark.parametrize("width", [1, 5, 20, 40, 79, 80, 81, 200])
@pytest.mark.parametrize("count", range(1, 25))
def test_suffixes_wrap_where_pytorch_wraps_them(width, count):
    set_both(linewidth=width)
    leaf = torch.arange(float(count), dtype=torch.float64, requires_grad=True)
    for tensor in (leaf, leaf * 2, leaf.reshape(1, -1) * 1.5, leaf.float(), leaf[:0].reshape(0, count)):
        check(tensor)


@pytest.mark.parametrize("options", [{"profile": "short"}, {"profile": "full"}, {"sci_mode": True}, {"precision": 0}])
def test_options(options):
    set_both(**options)
    for numbers in ([1.5, 2], [0.0], [], 1j, list(range(2000))):
        check(torch.tensor(numbers))
    set_both()
    ours = printing.get_printoptions()
    theirs = torch._tensor_str.PRINT_OPTS
    assert ours == {name: getattr(theirs, name) for name in ours}


def test_grad_fn_names_of_python_functions_in_place_views_and_overwritten_views():
    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, grad_output):
            return grad_output * 2

    leaf = torch.ones(4, requires_grad=True)
    check(Twice.apply(leaf))
    changed = leaf * 1
    changed[:2].add_(1)
    check(changed)

    part, _ = (leaf * 1).split(2)
    with torch.no_grad():
        part.add_(1)
    assert repr(part) == "tensor([2., 2.], grad_fn=<Invalid>)"

    class Overwritten(Tensor):
        grad_fn = property(lambda self: part.grad_fn, lambda self, value: None)

    Overwritten.__name__ = "Tensor"
    stand_in = object.__new__(Overwritten)
    stand_in._array_, stand_in.dtype, stand_in.requires_grad = np.full(2, 2.0, "f4"), dtypes.float32, True
    stand_in._tangent_ = None
    assert printing.tensor_repr(stand_in) == repr(part)


def test_subclasses_and_parameters():
    class Money(torch.Tensor):
        pass

    class Weight(torch.nn.Parameter):
        pass

    for theirs in (
        torch.arange(30.0).as_subclass(Money),
        (torch.arange(30.0, requires_grad=True) * 1.5).as_subclass(Money),
        torch.nn.Parameter(torch.arange(30.0)),
        torch.nn.Parameter(torch.tensor(1.0), requires_grad=False),
        Weight(torch.tensor([1.0])),
    ):
        base = type("Parameter", (Tensor,), {}) if isinstance(theirs, torch.nn.Parameter) else Tensor
        name = type(theirs).__name__
        cls = base if name == base.__name__ else type(name, (base,), {})
        assert printing.tensor_repr(cls(theirs)) == repr(theirs)


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")  # PyTorch's own, as it loads forward mode
def test_tangents():
    import torch.autograd.forward_ad as forward_ad

    with forward_ad.dual_level(), dual_level():
        for primal, tangent in (
            (torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.5])),
            (torch.tensor(1.0), torch.tensor(3.0)),
            (torch.arange(20.0), torch.arange(20.0)),
            (torch.ones(2, 2, dtype=torch.float64), torch.ones(2, 2, dtype=torch.float64)),
            (torch.zeros(0), torch.zeros(0)),
        ):
            dual = forward_ad.make_dual(primal, tangent)
            ours = Tensor(primal)
            given = Tensor(tangent)
            given.item = tangent.item
            ours._tangent_ = {MODE.get().dual_level: given}
            assert printing.tensor_repr(ours) == repr(dual)
            dual = forward_ad.make_dual(primal.clone().requires_grad_(), tangent)
            ours.requires_grad, ours.grad_fn = dual.requires_grad, dual.grad_fn
            assert printing.tensor_repr(ours) == repr(dual)


def test_stand_in_reads_nothing_else():
    bare = {"_array_": np.float32(1.5), "dtype": dtypes.float32, "requires_grad": False, "grad_fn": None}
    assert printing.tensor_repr(type("Tensor", (), bare)()) == "tensor(1.5000)"
