"""What ordinary programs print beside numbers: reprs, numbers of hooks, what hooks are given, what can be viewed."""

import io

import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from oracle.both import assert_same  # noqa: E402
from oracle.test_ops_oracle import make, run  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import tensors_in  # noqa: E402
from test_ops import known  # noqa: E402

pytestmark = pytest.mark.oracle


def test_where_pytorchs_results_are_contiguous_ours_are():
    """So what a program views there can be viewed here: over all samples."""
    found = []
    for sample in SAMPLES:
        if not known(sample) or "all" in sample.oracle or "value" in sample.oracle:
            continue
        arrays = sample.arrays(False)
        ours = run(mibun, sample, make(mibun, sample, arrays, grad=False))
        if isinstance(ours, Exception) or all(
            one.layout is not mibun.strided or one.is_contiguous() for one in tensors_in(ours)
        ):
            continue
        theirs = run(torch, sample, make(torch, sample, arrays, grad=False))
        if isinstance(theirs, Exception):
            continue
        for one, other in zip(tensors_in(ours), tensors_in(theirs), strict=True):
            if one.layout is mibun.strided and other.is_contiguous() and not one.is_contiguous():
                found.append((sample.id, tuple(one.shape), one.stride()))
    assert not found


def handles(t):
    kind = t.utils.hooks.RemovableHandle
    before = kind.next_id
    layer, leaf = t.nn.Linear(2, 2), t.ones(2, requires_grad=True)
    optimizer = t.optim.SGD([leaf], 0.1)
    numbers = [
        layer.register_forward_hook(print).id,
        layer.register_forward_pre_hook(print).id,
        layer._register_load_state_dict_pre_hook(print).id,
        leaf.register_hook(print).id,
        leaf.register_post_accumulate_grad_hook(print).id,
        optimizer.register_step_pre_hook(print).id,
    ]
    made = []
    for change in (
        lambda: t.nn.utils.spectral_norm(t.nn.Linear(2, 2)),
        lambda: t.nn.utils.parametrizations.weight_norm(t.nn.Linear(2, 2)),
        lambda: t.nn.utils.parametrizations.spectral_norm(t.nn.Linear(2, 2)),
        lambda: t.nn.LazyLinear(2),
        lambda: t.optim.Adam([leaf]),
        lambda: t.nn.TransformerEncoderLayer(4, 2, 4),
        lambda: (leaf * 1).retain_grad(),
    ):
        start = kind.next_id
        change()
        made.append(kind.next_id - start)
    return [number - before for number in numbers], made


def test_numbers_of_hooks():
    assert_same(handles)


@pytest.mark.parametrize("name", ["SGD", "Adam", "Rprop", "LBFGS"])
def test_hooks_of_a_step_are_given_all_arguments(name):
    def program(t):
        weight = t.ones(1, requires_grad=True)
        optimizer = getattr(t.optim, name)([weight], lr=0.1)
        weight.grad = t.ones(1)
        told = []

        def tell(given, args, kwargs):
            told.append((given is optimizer, args[0] is optimizer, len(args), list(kwargs)))

        optimizer.register_step_pre_hook(tell)
        optimizer.register_step_post_hook(tell)
        optimizer.step(lambda: t.ones(1))
        optimizer.step(closure=lambda: t.ones(1))
        optimizer.register_step_pre_hook(lambda given, args, kwargs: ((given, lambda: t.tensor(5.0)), {}))
        return told, float(optimizer.step(lambda: t.ones(1)))

    assert_same(program)


def test_tensors_without_data_in_files():
    def program(t):
        with t.device("meta"):
            layer = t.nn.Linear(2, 3)
        seen = []
        for saved, options in (
            (layer.state_dict(), {}),
            (list(layer.parameters()), {}),
            (t.ones(2, 3), {"map_location": "meta"}),
            (t.ones(2, 3).t(), {"map_location": t.device("meta")}),
            (t.ones(2, 3)[:, 1:], {"map_location": {"cpu": "meta"}}),
        ):
            file = io.BytesIO()
            t.save(saved, file)
            file.seek(0)
            loaded = t.load(file, **options)
            parts = (
                list(loaded.values()) if isinstance(loaded, dict) else loaded if isinstance(loaded, list) else [loaded]
            )
            seen.append([(repr(one), str(one.device), one.stride(), one.requires_grad) for one in parts])
        storage = t.ones(2, device="meta").untyped_storage()
        return seen, str(storage.device), repr(storage), t.serialization.location_tag(storage)

    assert_same(program)


@pytest.mark.parametrize(
    "text",
    [
        "t.set_grad_enabled(True)",
        "t.manual_seed(0)",
        "t.nn.Embedding(3, 2, padding_idx=0, sparse=True)",
        "t.nn.Embedding(3, 2, norm_type=1.0, max_norm=2.0, scale_grad_by_freq=True, sparse=True)",
        "t.nn.EmbeddingBag(3, 2, sparse=True, mode='sum', padding_idx=1)",
        "t.nn.attention.bias.causal_lower_right(2, 3)",
        "t.nn.init._no_grad_trunc_normal_(t.empty(3), 0.0, 1.0, -2.0, 2.0, t.Generator().manual_seed(3))",
        "t.nn.init._no_grad_uniform_(t.empty(3), 0.0, 1.0), t.nn.init._no_grad_normal_(t.empty(2), 0.0, 1.0)",
        "t.nn.init._no_grad_fill_(t.empty(2), 3.0), t.nn.init._no_grad_zero_(t.ones(1, requires_grad=True))",
        "t.nn.functional.rrelu(t.tensor([-1.0, 2.0, 0.0, -3.0]), training=True), t.rand(1)",
        "t.nn.functional.rrelu(-t.ones(3, 2).t(), 0.1, 0.9, training=True), t.rand(1)",
        "t.library.infer_schema(add_into, mutates_args={'out'})",
    ],
)
def test_printed(text):
    def program(t):
        import importlib

        importlib.import_module(t.__name__ + ".nn.attention.bias")

        def add_into(x, out, alpha=2.0):
            pass

        add_into.__annotations__ = {"x": t.Tensor, "out": t.Tensor, "alpha": float, "return": None}
        return repr(eval(text, {"t": t, "add_into": add_into}))

    assert_same(program)


def test_causal_bias():
    def program(t):
        import importlib

        bias = importlib.import_module(t.__name__ + ".nn.attention.bias")
        attend = t.nn.functional.scaled_dot_product_attention
        q, k = t.randn(1, 2, 2, 4), t.randn(1, 2, 3, 4)
        results = [attend(q, k, k, make(2, 3)) for make in (bias.causal_upper_left, bias.causal_lower_right)]
        for call in (
            lambda: attend(q, k, k, bias.causal_upper_left(2, 3), is_causal=True),
            lambda: bias.CausalBias(3, 2, 2),
        ):
            try:
                call()
            except (ValueError, AssertionError) as error:
                results.append((type(error).__name__, str(error)))
        rows = repr(bias.causal_lower_right(3, 2))
        return results, rows, [int(one) for one in bias.CausalVariant]

    assert_same(program)


def test_operators_of_libraries_are_seen():
    def program(t):
        import importlib

        dispatch = importlib.import_module(t.__name__ + ".utils._python_dispatch")
        calls = []

        def scaled_sine(x: t.Tensor, scale: float = 2.0) -> t.Tensor:
            return (x * scale).sin()

        scaled_sine.__annotations__ = {"x": t.Tensor, "scale": float, "return": t.Tensor}
        operator = t.library.custom_op("program_details::scaled_sine", scaled_sine, mutates_args=())
        operator.register_autograd(lambda ctx, grad: (grad * 3, None))

        class Log(dispatch.TorchDispatchMode):
            def __init__(self, name):
                super().__init__()
                self.name = name

            def __torch_dispatch__(self, func, types, args=(), kwargs=None):
                calls.append((self.name, str(func), len(args), kwargs))
                return func(*args, **(kwargs or {}))

        class Twice(dispatch.TorchDispatchMode):
            def __torch_dispatch__(self, func, types, args=(), kwargs=None):
                found = func(*args, **(kwargs or {}))
                return found * 2 if func is t.ops.program_details.scaled_sine.default else found

        x, leaf = t.ones(2), t.ones(2, requires_grad=True)
        with Log("outer"):
            operator(x)
            operator(leaf, 3.0)
            with Log("inner"):
                t.ops.program_details.scaled_sine(x, 4.0)
        with Twice():
            doubled = operator(leaf)
        doubled.sum().backward()
        with t.profiler.profile() as profile:
            operator(x)
        keys = [event.key for event in profile.key_averages()]
        return (
            calls,
            doubled,
            leaf.grad,
            "program_details::scaled_sine" in keys,
            any("Generated" in key for key in keys),
        )

    assert_same(program)


def test_gradients_of_each_example():
    def program(t):
        import importlib

        call = importlib.import_module(t.__name__ + ".nn.utils._per_sample_grad").call_for_per_sample_grads
        nn = t.nn
        network = nn.Sequential(nn.Conv2d(1, 2, 2), nn.GroupNorm(1, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 1))
        call(network, loss_reduction="mean")(t.randn(3, 1, 3, 3)).mean().backward()
        table = nn.Embedding(4, 2)
        call(table)(t.tensor([[1, 1], [0, 2]])).sum().backward()
        refused = []
        for function in (
            lambda: call(table),
            lambda: call(3),
            lambda: call(nn.Linear(1, 1), loss_reduction="x"),
            lambda: call(nn.Linear(1, 1), batch_size=4)(t.ones(5, 1)),
            lambda: call(nn.Linear(1, 1))(3),
            lambda: call(nn.BatchNorm1d(3))(t.ones(2, 3)),
        ):
            try:
                refused.append(str(function()))
            except RuntimeError as error:
                refused.append(str(error)[:50])
        samples = [p.grad_sample for p in network.parameters()] + [table.weight.grad_sample]
        return samples, [p.grad for p in network.parameters()], refused

    assert_same(program)
