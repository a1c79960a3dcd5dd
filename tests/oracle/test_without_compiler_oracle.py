"""`torch.jit`, `torch.compile`, `torch.compiler`, `torch._dynamo`, futures and functions of functions, as in PyTorch.

Where PyTorch compiles, it is asked with the backend "eager", or (of `torch.jit`) for what it does without its compiler.
"""

from __future__ import annotations

import copy
import importlib
import operator
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("torch")

from oracle.both import assert_same  # noqa: E402

pytestmark = pytest.mark.oracle


def module(m: Any, name: str) -> Any:
    return importlib.import_module(f"{m.__name__}.{name}")


def attempt(function: Callable, *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__


def add_one(x: Any) -> Any:
    return x + 1


# --- torch.jit ---


def marked(m: Any) -> Any:
    jit, internal = m.jit, module(m, "_jit_internal")

    class Net(m.nn.Module):
        def forward(self, x):
            return x

        @jit.export
        def exported(self, x):
            return x

        @jit.ignore
        def ignored(self, x):
            return x

        @jit.unused
        def unused(self, x):
            return x

        @jit.ignore(drop=True)
        def dropped(self, x):
            return x

        @property
        @jit.unused
        def hidden(self):
            return 3

    net = Net()
    names = ("forward", "exported", "ignored", "unused", "dropped")
    return [
        [(internal.is_ignored_fn(getattr(net, n)), internal.should_drop(getattr(net, n))) for n in names],
        internal.module_has_exports(net),
        internal.get_torchscript_modifier(3),
        [getattr(net, n)(2) for n in names],
        net.hidden,
        attempt(jit.ignore, 3),
    ]


def dispatched(m: Any) -> Any:
    internal = module(m, "_jit_internal")

    def yes(x, flag=True):
        """Words."""
        return x + 1

    def no(x, flag=False):
        return x - 1

    f = internal.boolean_dispatch("flag", 1, False, yes, no, "here", "f")
    return [
        f(3),
        f(3, True),
        f(3, flag=True),
        f.__name__,
        f.__module__,
        f.__doc__,
        internal.boolean_dispatched[f]["index"],
    ]


def kinds(m: Any) -> Any:
    is_ = m.jit.isinstance
    List, Dict, Tuple, Optional, Union = typing.List, typing.Dict, typing.Tuple, typing.Optional, typing.Union  # noqa: UP006
    x = m.ones(2)
    cases = [
        ([1], List[int]),
        ([1.0], List[int]),
        ([], List[int]),
        ([[1]], List[List[int]]),
        ({"a": 1}, Dict[str, int]),
        ({"a": x}, Dict[str, m.Tensor]),
        ({1: x}, Dict[str, m.Tensor]),
        ((1, "a"), Tuple[int, str]),
        ((1,), Tuple[int, str]),
        (None, Optional[int]),
        (3, Optional[int]),
        ("a", Optional[int]),
        (1, Union[int, str]),
        (x, m.Tensor),
        (1, (int, str)),
        ([1, None], List[Optional[int]]),
    ]
    return [is_(value, kind) for value, kind in cases] + [attempt(is_, [1], List), attempt(is_, 1.5, [int, float])]


def traced(m: Any) -> Any:
    seen = []

    def f(x, y):
        seen.append((m.jit.is_tracing(), m._C._get_tracing_state() is None, m.jit.is_scripting()))
        return x * y + 1

    t = m.jit.trace(f, (m.ones(2), m.ones(2)), check_trace=False)
    inputs = [value.debugName() for value in t.graph.inputs()]
    kinds = [node.kind() for node in t.graph.nodes() if node.kind().startswith("aten")]
    return [
        seen[0],
        m.jit.is_tracing(),
        t(m.ones(3), m.full((3,), 2.0)),
        inputs,
        kinds,
        t.name,
        len(list(t.graph.outputs())),
    ]


def traced_module(m: Any) -> Any:
    m.manual_seed(0)
    net = m.nn.Sequential(m.nn.Linear(2, 3), m.nn.ReLU())
    t = m.jit.trace(net, m.ones(4, 2))
    grads = m.autograd.grad(t(m.ones(1, 2)).sum(), list(net.parameters()))
    return [
        isinstance(t, m.jit.ScriptModule),
        isinstance(t, m.nn.Module),
        list(t.state_dict()),
        t(m.ones(5, 2)).shape,
        [g.shape for g in grads],
        t.training,
        t.eval().training,
        t.original_name,
        [n for n, _ in t.named_children()],
        m.jit.export_opnames(t)[-1],
        m.jit.trace(t, m.ones(4, 2)) is t,
    ]


class TwoMethods:
    @staticmethod
    def of(m: Any) -> Any:
        class Two(m.nn.Module):
            def forward(self, x):
                return x.exp()

            def other(self, x):
                return x * 2

        return Two()


def traced_methods(m: Any) -> Any:
    t = m.jit.trace_module(TwoMethods.of(m), {"forward": m.zeros(2), "other": m.ones(2)})
    return [
        t(m.zeros(3)),
        t.other(m.ones(1)),
        attempt(m.jit.trace_module, TwoMethods.of(m), 3),
        attempt(m.jit.trace_module, add_one, {}),
    ]


def trace_refusals(m: Any) -> Any:
    trace, x = m.jit.trace, m.ones(2)
    counted = []

    def changing(x):
        counted.append(1)
        return x + 1 if len(counted) % 2 else x.exp()

    return [
        attempt(trace, add_one, (3,)),
        attempt(trace, lambda x: "a", x),
        attempt(trace, lambda x: {"a": x}, x),
        attempt(trace, lambda x: [x, x], x),
        attempt(lambda: trace(lambda x: {"a": x}, x, strict=False)(x)["a"]),
        attempt(trace, changing, x),
        attempt(trace, lambda x, y: x + y[0], (x, (x, x))) is None,
        attempt(lambda: trace(add_one, example_kwarg_inputs={"x": x})(x)),
    ]


def random_trace(m: Any) -> Any:
    """A TracerWarning each."""
    m.manual_seed(1)
    return type(m.jit.trace(m.nn.Dropout(0.5), m.ones(40))).__name__


def frozen(m: Any) -> Any:
    layer = m.nn.Linear(2, 2)
    refused = attempt(m.jit.freeze, m.jit.script(layer))
    f = m.jit.freeze(m.jit.script(layer.eval()))
    same = m.equal(f(m.ones(2)), layer(m.ones(2)))
    return [
        refused,
        list(f.state_dict()),
        list(f.parameters()),
        same,
        attempt(m.jit.freeze, m.jit.script(layer), ["none"]),
    ]


def small_jit(m: Any) -> Any:
    jit = m.jit

    return [
        jit.annotate(int, 3),
        jit.is_scripting(),
        jit.wait(jit.fork(add_one, 2)),
        attempt(jit.fork, lambda: 1 / 0),
        attempt(jit.interface, 3),
        attempt(jit._unwrap_optional, None),
        jit._unwrap_optional(2),
        jit.set_fusion_strategy([("STATIC", 1)]),
        attempt(jit.set_fusion_strategy, [("BAD", 1)]),
        issubclass(jit.Error, RuntimeError),
        issubclass(jit.TracerWarning, Warning),
        jit.script_if_tracing(add_one)(1),
    ]


# --- torch.compile and what is around it ---


def compiled(m: Any) -> Any:
    c, f = m.compile, add_one
    return [
        c(f, backend="eager")(m.ones(2)),
        c(f, disable=True) is f,
        c(backend="eager")(f)(m.ones(1)),
        c(f, backend="eager").__name__,
        attempt(c, f, mode="default", options={}),
        attempt(c, f, backend="bad"),
        attempt(c, 3),
        attempt(c, "a"),
        attempt(c, f, foo=3),
        attempt(lambda: c(backend="eager")(None)),
    ]


def optimized_module(m: Any) -> Any:
    net = m.nn.Sequential(m.nn.Linear(2, 2))
    o = m.compile(net, backend="eager")
    before = [repr(o), list(o.state_dict()), [n for n, _ in o.named_modules()], o._orig_mod is net, o.training]
    o.eval()
    o.own = 3
    net.theirs = 4
    second = copy.deepcopy(o)
    return before + [
        net.training,
        net.own,
        o.theirs,
        len(o),
        isinstance(o, m._dynamo.OptimizedModule),
        isinstance(o, m.nn.Sequential),
        isinstance(o, m._dynamo.eval_frame.OptimizedModule),
        type(second).__name__,
        second._orig_mod is net,
        list(second.state_dict()),
        attempt(o.load_state_dict, net.state_dict()),
        attempt(getattr, o, "absent"),
        type(pickle.loads(pickle.dumps(o))).__name__,
    ]


def compiled_in_place(m: Any) -> Any:
    net = m.nn.Linear(2, 2)
    before = net._compiled_call_impl
    net.compile(backend="eager")
    return [
        before,
        net._compiled_call_impl is None,
        net(m.ones(2)).shape,
        list(net.state_dict()),
        attempt(net.compile, backend="no"),
    ]


def compiler_marks(m: Any) -> Any:
    k = m.compiler
    return [
        k.is_compiling(),
        k.is_dynamo_compiling(),
        k.is_exporting(),
        attempt(k.allow_in_graph, 3),
        k.allow_in_graph(add_one) is add_one,
        k.allow_in_graph([add_one]) == [add_one],
        attempt(k.disable, 3),
        k.disable(add_one)(2),
        k.disable(recursive=False)(add_one)(2),
        k.assume_constant_result(add_one)(2),
        k.reset(),
        k.cudagraph_mark_step_begin(),
        k.get_default_backend(),
        k.wrap_numpy(lambda a: a + 1)(m.ones(2)),
        k.wrap_numpy(lambda a, b: {"x": a["y"] * b, "n": 3})({"y": m.ones(2)}, b=2),
        attempt(k.wrap_numpy(add_one), m.ones(1, requires_grad=True)),
        k.substitute_in_graph(operator.indexOf)(lambda a, b, /: list(a).index(b))([1, 2], 2),
        attempt(lambda: k.substitute_in_graph(add_one)(lambda y: y)),
    ]


def dynamo(m: Any) -> Any:
    d = module(m, "_dynamo")
    config = module(m, "_dynamo.config")
    x = m.ones(2, 3)
    d.mark_dynamic(x, 0)
    before = config.cache_size_limit
    with config.patch(cache_size_limit=3, verbose=True):
        inside = (config.cache_size_limit, config.verbose)

    @config.patch("verbose", True)
    def decorated():
        return config.verbose

    return [
        x._dynamo_dynamic_indices,
        d.mark_static(x),
        d.graph_break(),
        d.optimize("eager")(add_one)(1),
        before,
        inside,
        config.cache_size_limit,
        decorated(),
        config.verbose,
        attempt(getattr, config, "foo"),
        attempt(setattr, config, "foo", 1),
        attempt(lambda: config.patch(foo=1).__enter__()),
        attempt(d.mark_static_address, 3),
        d.is_compiling(),
        d.reset(),
        issubclass(d.exc.Unsupported, RuntimeError),
        str(d.exc.InvalidBackend("x"))[:20],
    ]


# --- futures ---


def futures(m: Any) -> Any:
    Future, collect_all = m.futures.Future, m.futures.collect_all
    first, second, failed, never = Future(), Future(), Future(), Future()
    both = collect_all([first, second])
    then = first.then(lambda done: done.value() + 1)
    called = []
    first.add_done_callback(lambda done: called.append(done.value()))
    before = (first.done(), both.done(), attempt(first.value))
    first.set_result(1)
    second.set_result(2)
    failed.set_exception(KeyError("a"))
    return [
        before,
        then.wait(),
        called,
        [one.value() for one in both.wait()],
        attempt(first.set_result, 2),
        attempt(failed.wait),
        attempt(failed.value),
        failed.done(),
        attempt(failed.then(lambda done: done.wait()).wait),
        failed.then(lambda done: 3).wait(),
        attempt(never.set_exception, 3),
        m.futures.wait_all([first, second]),
        collect_all([]).wait(),
        attempt(Future, devices=["cpu"]),
        attempt(first.then(lambda done: 1 / 0).wait),
    ]


# --- functions of functions ---


def conditional(m: Any) -> Any:
    x = m.ones(2, requires_grad=True)

    def yes(x):
        return x * 3

    def no(x):
        return x - 1

    return [
        m.cond(x.sum() > 0, yes, no, (x,)).detach(),
        m.autograd.grad(m.cond(x.sum() > 5, yes, no, (x,)).sum(), x),
        m.cond(True, lambda: 1, lambda: 2),
        attempt(m.cond, m.tensor([True, False]), yes, no, (x,)),
        attempt(m.cond, x.sum() > 0, yes, no, x),
    ]


def loops(m: Any) -> Any:
    ops = "_higher_order_ops."
    scan, while_loop = module(m, ops + "scan").scan, module(m, ops + "while_loop").while_loop
    map_ = module(m, ops + "map").map
    xs = m.arange(12.0).view(4, 3)
    return [
        while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * 2), (m.tensor(0), m.ones(2))),
        scan(lambda c, x: (c + x, c * x), m.zeros(3), xs),
        scan(lambda c, x: (c + x, c * x), m.zeros(3), xs, reverse=True),
        scan(lambda c, x: (c + x, c * x), m.zeros(4), xs, dim=1),
        map_(lambda x, y: x + y, xs, m.ones(3)),
        scan(lambda c, x: ({"s": c["s"] + x["v"]}, x["v"] * 2), {"s": m.zeros(3)}, {"v": xs}),
        map_(lambda x: {"o": x["a"] + 1}, {"a": xs}),
    ]


def associative(m: Any) -> Any:
    scan = module(m, "_higher_order_ops.associative_scan").associative_scan
    generic = {"combine_mode": "generic"}

    def affine(a, b):
        return a[0] * b[0], a[1] * b[0] + b[1]

    found = []
    for n in (1, 2, 3, 4, 5, 8, 13):
        x = m.arange(1.0, 2 * n + 1).view(n, 2) / 4
        found += [
            scan(m.add, x, 0, **generic),
            scan(m.mul, x, 0, reverse=True, **generic),
            scan(m.add, x, 1, **generic),
            scan(affine, (x, x + 1), 0, **generic),
            scan(m.add, x.T, -1, **generic),
        ]
    return [*found, attempt(scan, m.add, m.ones(2), 0), attempt(scan, m.add, m.ones(2), 0, combine_mode="bad")]


PROGRAMS = (
    marked,
    dispatched,
    kinds,
    traced,
    traced_module,
    traced_methods,
    trace_refusals,
    random_trace,
    frozen,
    small_jit,
    compiled,
    optimized_module,
    compiled_in_place,
    compiler_marks,
    dynamo,
    futures,
    conditional,
    loops,
    associative,
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_the_same_as_pytorch(program: Callable) -> None:
    assert_same(program, warn=False)


def test_script_returns_what_it_is_given() -> None:
    """As PyTorch does where its compiler is switched off (`PYTORCH_JIT=0`)."""
    import mibun as m

    class Scripted(m.jit.ScriptModule):
        @m.jit.script_method
        def forward(self, x):
            return 3 * x

    net = TwoMethods.of(m)
    assert m.jit.script(net) is net and not isinstance(net, m.jit.ScriptModule) and not hasattr(net, "graph")
    assert m.jit.script(len) is len and m.jit.script([1]) == [1] and m.jit.script(Scripted) is Scripted
    assert m.equal(Scripted()(m.ones(1)), m.full((1,), 3.0))
    assert m.jit.Attribute(3, int) == 3
    assert m.ScriptModule is m.jit.ScriptModule and m.wait(m.fork(add_one, 1)) == 2
    for refused in (m.jit.save, m.jit.load, m.jit.trace(add_one, m.ones(1)).save, Scripted().save):
        with pytest.raises(RuntimeError, match="state_dict"):
            refused(net, "file") if refused is m.jit.save else refused("file")


def test_what_is_asked_of_the_code_generator_is_checked() -> None:
    """PyTorch's words; its own generator takes seconds to load."""
    import mibun as m

    for wrong, error in (({"mode": "bad"}, RuntimeError), ({"options": 3}, AttributeError)):
        with pytest.raises(error):
            m.compile(add_one, **wrong)
    assert m.compile(add_one, mode="max-autotune")(1) == m.compile(add_one, options={"max_autotune": True})(1) == 2


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("name", ("_dynamo.config", "_inductor.config", "_functorch.config", "compiler.config"))
def test_settings_are_pytorchs_with_its_values(name: str) -> None:
    import mibun

    ours = importlib.import_module(f"mibun.{name}")
    theirs = importlib.import_module(f"torch.{name}")

    def read(config: Any, setting: str) -> Any:
        for part in setting.split("."):
            config = getattr(config, part)
        return config

    machine = {"compile_threads", "worker_start_method"}  # what depends on the machine
    settings = ours.shallow_copy_dict()
    groups = {f"{first}.{rest}" for first, value in settings.items() for rest in getattr(value, "__dict__", {})}
    plain = {setting for setting, value in settings.items() if not hasattr(value, "__dict__")}
    for setting in (plain | groups) - machine:
        assert read(ours, setting) == read(theirs, setting), setting
    assert mibun.compiler.config.verbose is False
