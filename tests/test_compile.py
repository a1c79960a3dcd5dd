"""`torch.compile`: what is compiled gives what the function itself gives, call by call, and leaves the same state."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun import nn

scale = 2.0
counter = 0


def plain(value: Any) -> Any:
    """A result to be compared: bits, dtypes, shapes, whether grad is required, and `.grad`."""
    if isinstance(value, torch.Tensor):
        array = value.detach().numpy()
        return array.dtype, array.shape, array.tobytes(), value.requires_grad, value.is_leaf, plain(value._grad)
    if isinstance(value, (list, tuple)):
        return type(value), [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value


def both(make: Callable[[], tuple[Callable, Callable]], calls: int = 7) -> Any:
    """Make a function and what tells the state behind it twice, and call the one as it is, the other compiled."""
    (eager, state), (function, other_state) = make(), make()
    compiled = torch.compile(function)
    for i in range(calls):
        torch.manual_seed(i)
        expected = plain(eager()), plain(state())
        torch.manual_seed(i)
        found = plain(compiled()), plain(other_state())
        assert found == expected, i
    return compiled._compiled


def compiles(make: Callable, calls: int = 7, programs: int = 1) -> Any:
    inner = both(make, calls)
    assert inner.reasons() == []
    assert len(inner.programs()) == programs
    return inner


def refuses(make: Callable, word: str, calls: int = 7) -> Any:
    """Not compiled as a whole, for a reason: split there, or left as it is with a warning."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        inner = both(make, calls)
    why = [reason for reason, _ in (*inner.reasons(), *inner.breaks)]
    assert any([re.search(word, reason) for reason in why]), why
    if not inner.breaks:
        assert inner.programs() == []
        assert len([one for one in caught if "is not compiled, and runs as it is" in str(one.message)]) == 1
    return inner


def nothing() -> None:
    return None


def test_elementwise() -> None:
    def make():
        x = torch.arange(4.0)
        return (lambda: torch.sin(x) * 2 + x), nothing

    compiles(make)


def train(optimizer: Callable, model: Callable, loss: Callable, clip: Any = None, zero: Any = True) -> Callable:
    def make():
        torch.manual_seed(0)
        m = model()
        opt = optimizer(m.parameters())
        x, y = torch.randn(8, 4), torch.randint(0, 3, (8,))

        def step():
            opt.zero_grad(set_to_none=zero)
            value = loss(m(x), y)
            value.backward()
            if clip:
                nn.utils.clip_grad_norm_(m.parameters(), clip)
            opt.step()
            return value

        return step, lambda: [m.state_dict(), [p.grad for p in m.parameters()]]

    return make


def mlp() -> Any:
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, amsgrad=True, weight_decay=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, centered=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.01),
    "adadelta": lambda p: torch.optim.Adadelta(p),
    "nadam": lambda p: torch.optim.NAdam(p),
    "radam": lambda p: torch.optim.RAdam(p),
    "adamax": lambda p: torch.optim.Adamax(p),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_step(name: str) -> None:
    compiles(train(OPTIMIZERS[name], mlp, nn.functional.cross_entropy))


def test_clipping() -> None:
    compiles(train(OPTIMIZERS["sgd"], mlp, nn.functional.cross_entropy, clip=0.1))


def test_zeroed_gradients() -> None:
    compiles(train(OPTIMIZERS["sgd"], mlp, nn.functional.cross_entropy, zero=False))


@pytest.mark.parametrize("name", ["ASGD", "Rprop"])
def test_other_optimizers(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both(train(lambda p: getattr(torch.optim, name)(p), mlp, nn.functional.cross_entropy))


def test_dropout_and_batch_norm() -> None:
    def model():
        return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 3))

    compiles(train(OPTIMIZERS["sgd"], model, nn.functional.cross_entropy))


def test_accumulation() -> None:
    def make():
        p = torch.ones(2, requires_grad=True)

        def f():
            (p * p).sum().backward()

        return f, lambda: p

    compiles(make, programs=1)


def test_forward_only() -> None:
    def make():
        w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)

        def f():
            return ((w * w).exp() / w).sum()

        def state():
            return None

        return f, state

    inner = compiles(make)
    w = torch.tensor([1.0, 2.0], requires_grad=True)

    @torch.compile
    def g(x):
        return (x**3 * w).sum()

    for _ in range(5):
        x = torch.tensor([2.0, 3.0], requires_grad=True)
        y = g(x)
        (first,) = torch.autograd.grad(y, x, create_graph=True)
        (second,) = torch.autograd.grad(first.sum(), x)
        y.backward()
        assert second.tolist() == [12.0, 36.0]
        assert x.grad.tolist() == [12.0, 54.0]
    assert len(g._compiled.programs()) == 1
    assert w.grad.tolist() == [40.0, 135.0]
    assert inner.programs()[0].source.startswith("def run")


def test_scheduler_outside_and_inside() -> None:
    for inside in (False, True):

        def make(inside=inside):
            p = torch.ones(2, requires_grad=True)
            o = torch.optim.SGD([p], lr=0.1)
            s = torch.optim.lr_scheduler.ExponentialLR(o, 0.5)

            def f():
                o.zero_grad()
                (p * p).sum().backward()
                o.step()
                if inside:
                    s.step()

            def state():
                if not inside:
                    s.step()
                return p

            return f, state

        compiles(make)


def test_python_side_effects() -> None:
    def counts():
        n = [0]

        def f():
            n[0] += 1
            return torch.ones(2) * n[0]

        return f, lambda: list(n)

    refuses(counts, "changes|outside|differ|another")

    def appends():
        kept = []
        x = torch.ones(2)

        def f():
            y = x * 2
            kept.append(y)
            return y

        return f, lambda: len(kept)

    refuses(appends, "list outside")

    def assigns():
        n = 0
        x = torch.ones(2)

        def f():
            nonlocal n
            n += 1
            return x * 2

        return f, lambda: n

    refuses(assigns, "'n' outside")

    def attribute():
        torch.manual_seed(0)
        m = nn.Linear(2, 2)
        m.calls = 0
        x = torch.ones(2)

        def f():
            m.calls += 1
            return m(x).detach() * 0

        return f, lambda: m.calls

    refuses(attribute, "calls of")

    def kept():
        torch.manual_seed(0)
        m = nn.Linear(2, 2)
        m.last = None
        x = torch.ones(2)

        def f():
            m.last = x * 2
            return m.last + 1

        return f, lambda: m.last

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both(kept)


def test_global_that_counts() -> None:
    def make():
        x = torch.ones(2)

        def f():
            global counter
            counter += 1
            return x * 2

        return f, nothing

    refuses(make, "'counter' outside")


def test_prints(capsys) -> None:
    def make():
        x = torch.ones(2)

        def f():
            print("here")
            return x * 2

        return f, nothing

    refuses(make, "print")
    assert capsys.readouterr().out.count("here") == 14


def test_values_that_decide() -> None:
    def make():
        x = torch.ones(2)

        def f():
            return x * 2 if x.sum() > 0 else x * 3

        def state():
            x.neg_()
            return x

        return f, state

    inner = both(make, 14)
    assert len(inner.programs()) == 2


def test_item() -> None:
    def make():
        x = torch.arange(3.0)

        def f():
            y = (x * x).sum()
            return y.item()

        def state():
            x.add_(1)
            return x

        return f, state

    compiles(make)

    def used():
        x = torch.arange(3.0)

        def f():
            return x * x.sum().item()

        def state():
            x.add_(1)
            return x

        return f, state

    refuses(used, "read as a float")


def test_nonzero_and_masks() -> None:
    def make():
        x = torch.tensor([1.0, -1.0, 2.0])

        def f():
            y = x.clone()
            y[y > 0] = 0.0
            return y, x[x > 0]

        def state():
            x.mul_(-1)
            return x

        return f, state

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both(make, 12)


def test_aliases() -> None:
    def make():
        w = torch.ones(4)
        v = w.view(2, 2)

        def f():
            v.add_(1)
            return w.sum()

        return f, lambda: [w, v]

    compiles(make)


def test_numpy_shares_memory() -> None:
    def make():
        w = torch.ones(4)
        a = w.numpy()

        def f():
            return w.sum() * 2

        def state():
            a[:] += 1

        return f, state

    compiles(make)


def test_changes_between_calls() -> None:
    global scale

    def make():
        x = torch.ones(2)
        return (lambda: x * scale), nothing

    (eager, _), (function, _) = make(), make()
    compiled = torch.compile(function)
    for i in range(8):
        if i == 5:
            scale = 3.0
        assert compiled().tolist() == eager().tolist()
    scale = 2.0


def test_train_and_eval() -> None:
    m = nn.Dropout(0.5)
    c = torch.compile(m)
    x = torch.ones(50)
    for _ in range(5):
        c(x)
    m.eval()
    for _ in range(5):
        assert c(x).tolist() == [1.0] * 50
    c.train()
    assert 0 < (c(x) == 0).sum() < 50
    assert len(c._compiled_forward.programs()) == 2


def test_shapes_and_dtypes() -> None:
    @torch.compile
    def f(x):
        return x.sum() * 2

    for n in (2, 2, 2, 2, 3, 3, 3, 2, 3):
        assert float(f(torch.ones(n))) == 2 * n
    assert len(f._compiled.programs()) == 2
    assert f(torch.ones(2, dtype=torch.int64)).dtype is torch.int64
    for _ in range(5):
        x = torch.arange(6.0).view(2, 3).t()
        assert torch.compile(lambda x: x * 2)(x).stride() == (1, 3)


def test_hooks() -> None:
    def make():
        w = torch.ones(3, requires_grad=True)
        w.register_hook(lambda g: g * 2)

        def f():
            w.grad = None
            (w * 3).sum().backward()
            return w.grad

        return f, nothing

    compiles(make)


def test_create_graph() -> None:
    def make():
        x = torch.tensor([1.0, 2.0], requires_grad=True)

        def f():
            (g,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
            x.grad = None
            (g * g).sum().backward()
            return x.grad, g

        return f, lambda: x

    compiles(make)


@pytest.mark.parametrize(
    "layer",
    [
        lambda: nn.LSTM(4, 5, batch_first=True),
        lambda: nn.GRU(4, 5),
        lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True),
        lambda: nn.MultiheadAttention(4, 2),
        lambda: nn.Conv1d(3, 2, 2),
        lambda: nn.LayerNorm(4),
    ],
)
def test_layers(layer: Callable) -> None:
    def make():
        torch.manual_seed(0)
        m = layer()
        x = torch.randn(2, 3, 4)
        args = (x, x, x) if isinstance(m, nn.MultiheadAttention) else (x,)

        def f():
            m.zero_grad()
            out = m(*args)
            first = out[0] if isinstance(out, tuple) else out
            first.square().sum().backward()
            return out

        return f, lambda: [p.grad for p in m.parameters()]

    compiles(make)


def test_random_numbers() -> None:
    def make():
        x = torch.ones(3)
        return (lambda: torch.rand(3) * x + torch.randn(3) + nn.functional.dropout(x, 0.5)), nothing

    compiles(make)


def test_errors_are_those_of_the_function() -> None:
    w = torch.ones(3)
    c = torch.compile(lambda x: w @ x)
    for _ in range(5):
        assert c(torch.ones(3)) == 3
    for _ in range(4):
        with pytest.raises(RuntimeError):
            c(torch.ones(4))
    assert c(torch.ones(3)) == 3


def test_views_are_returned() -> None:
    def make():
        x = torch.arange(6.0)

        def f():
            h = x * 2
            return x.view(2, 3), h[1:], h, x

        def state():
            x.add_(1)
            return x

        return f, state

    compiles(make)
    x = torch.arange(3.0)
    c = torch.compile(lambda: x.view(3, 1))
    for _ in range(5):
        y = c()
    assert y._base is x
    y.add_(1)
    assert x.tolist() == [1.0, 2.0, 3.0]


def test_no_tracer_is_left() -> None:
    kept = []
    x = torch.ones(3, requires_grad=True)

    def f():
        y = x * 2
        y.register_hook(lambda g: kept.append(g) or None)
        y.sum().backward()
        return y.detach()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        c = torch.compile(f)
        for _ in range(6):
            assert type(c()._array_) is np.ndarray
    assert all(type(t._array_) is np.ndarray for t in kept) and len(kept) == 6


# --- names ---


def test_fullgraph_raises() -> None:
    x = torch.ones(2)
    with pytest.raises(torch._dynamo.exc.Unsupported, match="float"):
        torch.compile(lambda: x * float(x.sum()), fullgraph=True)()
    c = torch.compile(lambda: x * 2, fullgraph=True)
    assert [c().tolist() for _ in range(4)] == [[2.0, 2.0]] * 4


def test_explain() -> None:
    found = torch._dynamo.explain(lambda x: x.sin() + 1)(torch.ones(2))
    assert (found.graph_count, found.graph_break_count) == (1, 0)
    assert "sin" not in str(found.break_reasons) and "def run" in found.graphs[0]

    def broken(x):
        torch._dynamo.graph_break()
        return x + 1

    found = torch._dynamo.explain(broken)(torch.ones(2))
    assert (found.graph_count, found.graph_break_count) == (1, 1)
    assert "graph_break" in found.break_reasons[0].reason
    assert found.break_reasons[0].user_stack[0].name == "broken"
    assert "Graph Count: 1" in str(found)


def test_stances_and_reset() -> None:
    x = torch.ones(2)
    c = torch.compile(lambda x: x * 2)
    with torch.compiler.set_stance("force_eager"):
        for _ in range(5):
            c(x)
    assert c._compiled.programs() == []
    for _ in range(5):
        c(x)
    assert len(c._compiled.programs()) == 1
    with torch.compiler.set_stance("fail_on_recompile"), pytest.raises(torch._dynamo.exc.RecompileError):
        c(torch.ones(3))

    @torch.compiler.set_stance("eager_on_recompile")
    def g(x):
        return c(x)

    assert g(torch.ones(3)).tolist() == [2.0, 2.0, 2.0]
    torch._dynamo.reset()
    c(x)
    assert c._compiled.programs() == []


def test_disabled_functions() -> None:
    @torch.compiler.disable
    def f(x):
        return x * 2

    x = torch.ones(2)
    assert torch.compile(f)(x).tolist() == [2.0, 2.0]
    with pytest.warns(UserWarning, match="not to be compiled"):
        assert torch.compile(lambda: f(x) + 1)().tolist() == [3.0, 3.0]


def test_backends() -> None:
    for name in ("eager", "aot_eager"):
        c = torch.compile(lambda x: x * 2, backend=name)
        assert c(torch.ones(1)).item() == 2 and not hasattr(c, "_compiled")
    with pytest.raises(torch._dynamo.exc.InvalidBackend, match="nope"):
        torch.compile(lambda x: x, backend="nope")
    with pytest.raises(TypeError, match="a name or a function"):
        torch.compile(lambda x: x, backend=3)


def test_too_many_shapes() -> None:
    c = torch.compile(lambda x: x * 2, recompile_limit=2)
    with pytest.warns(UserWarning, match="recompile limit"):
        for n in (1, 2, 3, 4):
            for _ in range(4):
                assert c(torch.ones(n)).tolist() == [2.0] * n
    assert len(c._compiled.programs()) == 2


def test_modules_compiled_in_place() -> None:
    import copy
    import pickle

    torch.manual_seed(0)
    m = nn.Linear(3, 2)
    other = copy.deepcopy(m)
    m.compile()
    x = torch.ones(4, 3)
    for _ in range(5):
        assert plain(m(x)) == plain(other(x))
    assert len(m.forward.compiled.programs()) == 1
    assert list(m.state_dict()) == ["weight", "bias"]
    for again in (copy.deepcopy(m), pickle.loads(pickle.dumps(m))):
        assert plain(again(x)) == plain(other(x))


def test_threads() -> None:
    import threading

    c = torch.compile(lambda x: (x * 2).sum())
    found = []

    def work(k):
        for i in range(30):
            found.append(float(c(torch.full((3,), float(i + k)))) == 6.0 * (i + k))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found) and len(found) == 120
