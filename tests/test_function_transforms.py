"""User-written Functions, modes, threads and errors within function transforms.

The comparison with PyTorch is in `tests/oracle/test_function_transforms_oracle.py`; here are its documentation's
example of a Function that wraps NumPy, what the methods see, and that a transform leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.autograd import Function
from mibun.autograd.function import once_differentiable
from mibun.core.mode import MODE, PLAIN
from mibun.func import grad, hessian, jacfwd, jacrev, jvp, vjp, vmap


def rows() -> torch.Tensor:
    return torch.tensor([[3.0, 1.0, 2.0], [5.0, 6.0, 4.0]])


# --- functions that wrap NumPy ---


def to_numpy(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().numpy()


class NumpySort(Function):
    """Sorting by NumPy, as in PyTorch's notes on extending torch.func: the gradient is taken and scattered back."""

    @staticmethod
    def forward(x: Any, dim: int) -> Any:
        array = to_numpy(x)
        order = np.argsort(array, axis=dim)
        back = np.argsort(order, axis=dim)
        return tuple(torch.from_numpy(part) for part in (np.take_along_axis(array, order, axis=dim), order, back))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: tuple) -> None:
        _, order, back = output
        ctx.mark_non_differentiable(order, back)
        ctx.save_for_backward(order, back)
        ctx.dim = inputs[1]

    @staticmethod
    def backward(ctx: Any, grad_output: Any, _order: Any, _back: Any) -> tuple:
        order, back = ctx.saved_tensors
        return NumpyTake.apply(grad_output, back, order, ctx.dim), None

    @staticmethod
    def vmap(info: Any, in_dims: tuple, x: Any, dim: int) -> tuple:
        assert info.batch_size == x.shape[in_dims[0]] and in_dims[1] is None
        x = x.movedim(in_dims[0], 0)
        return NumpySort.apply(x, dim if dim < 0 else dim + 1), (0, 0, 0)


class NumpyTake(Function):
    @staticmethod
    def forward(x: Any, order: Any, back: Any, dim: int) -> Any:
        return torch.from_numpy(np.take_along_axis(to_numpy(x), to_numpy(order), axis=dim))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.save_for_backward(inputs[1], inputs[2])
        ctx.dim = inputs[3]

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> tuple:
        order, back = ctx.saved_tensors
        return NumpyTake.apply(grad_output, back, order, ctx.dim), None, None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple, x: Any, order: Any, back: Any, dim: int) -> tuple:
        rank = x.dim() - (in_dims[0] is not None)
        dim = dim if dim >= 0 else dim + rank

        def aligned(tensor: Any, place: Any) -> Any:
            return tensor.expand(info.batch_size, *tensor.shape) if place is None else tensor.movedim(place, 0)

        parts = [aligned(tensor, place) for tensor, place in zip((x, order, back), in_dims, strict=False)]
        return NumpyTake.apply(*parts, dim + 1), 0


def numpy_sort(x: Any, dim: int = -1) -> Any:
    return NumpySort.apply(x, dim)[0]


WEIGHTS = [1.0, 10.0, 100.0]


def weighed(x: Any) -> Any:
    return (numpy_sort(x) ** 2 * torch.tensor(WEIGHTS)).sum()


def weighed_by_operators(x: Any) -> Any:
    return (x.sort()[0] ** 2 * torch.tensor(WEIGHTS)).sum()


@pytest.mark.parametrize(
    "transform",
    [
        lambda f: grad(f)(rows()[0]),
        lambda f: vmap(f)(rows()),
        lambda f: vmap(f, in_dims=1)(rows().T.contiguous()),
        lambda f: vmap(grad(f))(rows()),
        lambda f: grad(lambda x: vmap(f)(x).sum())(rows()),
        lambda f: vmap(vmap(f))(rows().expand(2, 2, 3)),
        lambda f: vmap(vmap(grad(f)))(rows().expand(2, 2, 3)),
        lambda f: jacrev(grad(f))(rows()[0]),
        lambda f: vmap(jacrev(grad(f)))(rows()),
        lambda f: grad(lambda x: grad(f)(x).sum())(rows()[0]),
    ],
)
def test_numpy_sort(transform: Any) -> None:
    torch.testing.assert_close(transform(weighed), transform(weighed_by_operators))


def test_numpy_sort_gives_several_outputs() -> None:
    values, order, back = vmap(lambda x: NumpySort.apply(x, 0))(rows())
    assert values.tolist() == rows().sort(-1)[0].tolist()
    assert order.tolist() == rows().argsort(-1).tolist() and back.tolist() == rows().argsort(-1).argsort(-1).tolist()


# --- what the methods see ---


class Watched(Function):
    """Its methods note what they are given."""

    seen: list = []
    generate_vmap_rule = True

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        Watched.seen.append(("forward", tuple(x.shape), tuple(y.shape)))
        return x * y

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        Watched.seen.append(("setup_context", tuple(output.shape)))
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, g: Any) -> tuple:
        Watched.seen.append(("backward", tuple(g.shape), *[tuple(x.shape) for x in ctx.saved_tensors]))
        x, y = ctx.saved_tensors
        return g * y, g * x


@pytest.fixture(autouse=True)
def forget() -> None:
    Watched.seen.clear()


def test_methods_see_one_example() -> None:
    x, y = rows(), torch.tensor([1.0, 2.0, 3.0])
    found = grad(lambda x, y: vmap(Watched.apply, in_dims=(0, None))(x, y).sum(), (0, 1))(x, y)
    torch.testing.assert_close(found, (y.expand(2, 3), x.sum(0)))
    one = (3,)
    assert Watched.seen == [("forward", one, one), ("setup_context", one), ("backward", one, one, one)]


def test_a_batch_of_gradients_is_one_backward() -> None:
    x, y = (torch.ones(3, requires_grad=True) for _ in range(2))
    out = Watched.apply(x, y)
    torch.autograd.grad(out, (x, y), torch.eye(3), is_grads_batched=True)
    assert [name for name, *_ in Watched.seen] == ["forward", "setup_context", "backward"]
    Watched.seen.clear()
    torch.autograd.functional.jacobian(Watched.apply, (x, y), vectorize=True)
    assert [name for name, *_ in Watched.seen] == ["forward", "setup_context", "backward"]


def test_gradient_of_what_is_the_same_for_all_is_summed() -> None:
    class Unused(Function):
        """Its output does not depend on the example, but its gradient does: as in PyTorch it runs once for all."""

        generate_vmap_rule = True

        @staticmethod
        def forward(x: Any, y: Any) -> Any:
            return y.clone()

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
            ctx.save_for_backward(inputs[0])

        @staticmethod
        def backward(ctx: Any, g: Any) -> tuple:
            return None, g * ctx.saved_tensors[0]

    y = torch.ones(3)
    found = grad(lambda y: vmap(Unused.apply, in_dims=(0, None))(rows(), y).sum())(y)
    torch.testing.assert_close(found, 2 * rows().sum(0))  # what is repeated has both examples' gradients


def test_randomness_and_sizes_are_told() -> None:
    told = []

    class Told(Function):
        @staticmethod
        def forward(x: Any) -> Any:
            return x * 2

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
            pass

        @staticmethod
        def vmap(info: Any, in_dims: tuple, x: Any) -> tuple:
            told.append((info.batch_size, info.randomness, in_dims, tuple(x.shape)))
            return Told.apply(x), in_dims[0]

    for randomness in ("error", "different", "same"):
        vmap(Told.apply, in_dims=-1, randomness=randomness)(rows())
    assert told == [(3, randomness, (1,), (2, 3)) for randomness in ("error", "different", "same")]
    told.clear()
    vmap(vmap(Told.apply, in_dims=1, randomness="same"))(rows().expand(4, 2, 3))
    assert [size for size, *_ in told] == [3, 4]


def test_once_differentiable() -> None:
    """PyTorch gives zeros for the second derivative here, silently."""

    class Once(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x: Any) -> Any:
            return x**2

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
            ctx.save_for_backward(*inputs)

        @staticmethod
        @once_differentiable
        def backward(ctx: Any, g: Any) -> Any:
            return 2 * ctx.saved_tensors[0] * g

    x = rows()[0]
    torch.testing.assert_close(grad(lambda x: Once.apply(x).sum())(x), 2 * x)
    torch.testing.assert_close(vmap(grad(lambda x: Once.apply(x).sum()))(rows()), 2 * rows())
    for twice in (lambda f: grad(lambda x: grad(f)(x).sum()), lambda f: jacrev(jacrev(f))):
        with pytest.raises(RuntimeError, match="^trying to differentiate twice a function"):
            twice(lambda x: Once.apply(x).sum())(x)


def test_keyword_tensors_are_refused_by_vmap() -> None:
    class Keyword(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x: Any, *, y: Any) -> Any:
            return x * y

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
            pass

    with pytest.raises(NotImplementedError, match="^Run vmap on autograd.Function with kwarg-only Tensor args"):
        vmap(lambda x: Keyword.apply(x, y=x))(rows())


# --- what is left behind ---

TRANSFORMS = {
    "grad": lambda f: grad(lambda x: f(x).sum())(rows()),
    "vjp": lambda f: vjp(f, rows()),
    "jvp": lambda f: jvp(f, (rows(),), (rows(),)),
    "vmap": lambda f: vmap(f)(rows()),
    "jacrev": lambda f: jacrev(f)(rows()),
    "jacfwd": lambda f: jacfwd(f)(rows()),
    "hessian": lambda f: hessian(lambda x: f(x).sum())(rows()),
    "batch": lambda f: torch.autograd.functional.jacobian(f, rows(), vectorize=True),
    "tangents": lambda f: torch.autograd.functional.jacobian(f, rows(), vectorize=True, strategy="forward-mode"),
}


class Stop(Exception):
    pass


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("place", ["forward", "backward", "hook"])
def test_errors_leave_the_mode_as_it_was(name: str, place: str) -> None:
    class Fails(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x: Any) -> Any:
            if place == "forward":
                raise Stop
            return x * 2

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
            pass

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            raise Stop

        @staticmethod
        def jvp(ctx: Any, t: Any) -> Any:
            raise Stop

    def stops(g: Any) -> None:
        raise Stop

    def function(x: Any) -> Any:
        if place == "hook":
            y = x * 2
            if y.requires_grad:
                y.register_hook(stops)
            return y
        return Fails.apply(x)

    before = MODE.get()
    if place == "forward" and name in ("batch", "tangents"):
        pytest.skip("no transform to the Function, which needs no setup_context then")
    runs_backward = name in ("grad", "jacrev", "hessian", "batch")
    runs_methods = runs_backward or name in ("jvp", "jacfwd", "tangents")
    if place == "forward" or (place == "backward" and runs_methods) or (place == "hook" and runs_backward):
        with pytest.raises(Stop):
            TRANSFORMS[name](function)
    else:
        TRANSFORMS[name](function)
    assert MODE.get() is before is PLAIN
    x = torch.ones(2, requires_grad=True)
    (x * x).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_threads_and_tasks_are_outside() -> None:
    found: list = []

    def look() -> None:
        x = torch.ones(2, requires_grad=True)
        (x * x).sum().backward()
        found.append((MODE.get() is PLAIN, type(x * 2), x.grad.tolist()))

    def in_thread(x: Any) -> Any:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        return x * 2

    vmap(in_thread)(rows())
    grad(lambda x: in_thread(x).sum())(rows())
    vmap(grad(lambda x: in_thread(x).sum()))(rows())
    assert found == [(True, torch.Tensor, [2.0, 2.0])] * 3

    async def transformed(turns: int) -> torch.Tensor:
        # A task that is suspended within a transform would have to be a coroutine of the transform's: it cannot. But
        # one may start others, which inherit the mode, and not the other way round.
        result = vmap(grad(lambda x: (x**2).sum()))(rows() * turns)
        await asyncio.sleep(0)
        assert MODE.get() is PLAIN
        return result

    async def both() -> list:
        return await asyncio.gather(transformed(1), transformed(2))

    one, two = asyncio.run(both())
    torch.testing.assert_close(one, 2 * rows())
    torch.testing.assert_close(two, 4 * rows())


def test_transforms_in_many_threads() -> None:
    results: dict[int, Any] = {}

    def work(k: int) -> None:
        for _ in range(5):
            results[k] = vmap(grad(lambda x: (x**3).sum() * k))(rows())

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, found in results.items():
        torch.testing.assert_close(found, 3 * k * rows() ** 2)
