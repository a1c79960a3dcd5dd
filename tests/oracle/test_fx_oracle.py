"""torch.fx against PyTorch: the same programs give the same graphs, names and code, and the code computes the same."""

from __future__ import annotations

import contextlib
import copy
import importlib
import inspect
import io
import pickle
import types
import warnings
from typing import Any

import pytest

import mibun
import mibun.fft
import mibun.fx
import mibun.fx.passes.shape_prop
import mibun.linalg
import mibun.nn.functional
import mibun.special
from mibun.core.registry import FUNCTIONS

torch = pytest.importorskip("torch")
pytest.importorskip("torch.fx.passes.shape_prop")

# --- every function that both have ---

NAMESPACES = ("", "nn.functional.", "linalg.", "special.", "fft.")
# PyTorch tells of a function of its own there, which mibun does not have.
OTHER = {"segment_reduce", "from_dlpack", "grouped_mm"}


def functions_of(namespace: str) -> list[tuple[str, list[str]]]:
    """(name, required parameters) of the public functions of a namespace that both libraries have."""
    ours, theirs = mibun, torch
    for part in namespace.split(".")[:-1]:
        ours, theirs = getattr(ours, part), getattr(theirs, part)
    found = []
    for name, function in sorted(vars(ours).items()):
        if name.startswith("_") or type(function) is not types.FunctionType or not hasattr(theirs, name):
            continue
        if (not namespace and name not in FUNCTIONS) or name in OTHER:
            continue
        parameters = inspect.signature(function).parameters.values()
        required = [p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
        if any(p.kind is p.VAR_POSITIONAL for p in parameters):
            required = ["x", "y"]
        found.append((name, [one for one in required if one != "xp"]))
    return found


def code_and_graph(library: Any, source: str) -> str:
    scope = {"torch": library, "nn": library.nn, "F": library.nn.functional}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(source, scope)
            traced = library.fx.symbolic_trace(scope["f"])
        except Exception as error:
            return type(error).__name__
    return traced.code + str(traced.graph)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_function_is_recorded_as_in_pytorch(namespace: str) -> None:
    names = functions_of(namespace)
    assert len(names) > 15
    taken: list[tuple[str, list[str]]] = []  # the calls that PyTorch does not refuse

    def calls(library: Any, wanted: list[tuple[str, list[str]]], given: dict[str, Any]) -> None:
        scope = library
        for part in namespace.split(".")[:-1]:
            scope = getattr(scope, part)
        for name, required in wanted:
            if library is mibun:
                getattr(scope, name)(*[given[one] for one in required])
                continue
            with contextlib.suppress(TypeError, ValueError, RuntimeError):
                getattr(scope, name)(*[given[one] for one in required])
                taken.append((name, required))

    names = [(name, [f"{one}_" for one in required]) for name, required in names]
    parameters = sorted({one for _, required in names for one in required})
    texts = []
    for library, wanted in ((torch, names), (mibun, taken)):
        source = f"def f({', '.join(parameters)}): calls(library, wanted, locals())"
        scope = {"calls": calls, "library": library, "wanted": wanted}
        exec(source, scope)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            traced = library.fx.symbolic_trace(scope["f"])
        texts.append(f"{traced.code}{traced.graph}".split("\n"))
    assert [line for line in texts[1] if line not in texts[0]] == []
    assert texts[1] == texts[0]
    assert len(taken) > len(names) // 2


# --- programs ---

PROGRAMS = {
    "operators": """
import operator
def f(x, y):
    a = x + 1 - y * 2 / 3 // 4 % 5 ** x @ y
    a = -a, ~a, +a, abs(a), a << 1, a >> 1, a & 1, a | 1, a ^ 1
    b = 1 + x, 2 - x, 3 * x, 4 / x, 5 // x, 6 % x, 7 ** x, 1 << x, 1 & x
    return a, b, x == y, x != 1, x < 1, x <= 1, x > 1, x >= 1, x[0], x[1:, None, ..., ::2], x[y]
""",
    "aliases": "def f(x): return torch.absolute(x), torch.multiply(x, x), torch.special.expit(x), torch.linalg.inv(x)",
    "names": """
def f(input, lambda_, x_1, list):
    sum = input.sum(); max = sum.max(); return torch.sum(sum), max.view(-1), torch.max(max), torch.relu(list), x_1
""",
    "constants": "def f(x): return x + float('inf'), x + float('nan'), x * 1j, x.to(torch.float64), "
    "x.to('cpu'), [x, {'a': x}]",
    "keywords": "def f(x, *, k, d=1): return torch.cat([x, k], dim=d), torch.stack((x, k), 1), "
    "torch.split(x, 2, dim=-1)",
    "starred": "def f(x, *args, **kw): return torch.relu(x) + args[0] + kw['a']",
    "defaults": "def f(x, y=2.5, z=(1, [2]), w=None): return x",
    "annotated": """
from typing import *
def f(x: torch.Tensor, y: Optional[List[int]], z: Dict[str, Tuple[int, ...]], w: list[int]) -> Tuple[torch.Tensor, int]:
    return x, 1
""",
    "nothing": "def f(x): pass",
    "unpacking": "def f(x):\n    a, b = x.split(2)\n    (c, d), e = a, b\n    return a + b",
    "named tuples": "import collections\nP = collections.namedtuple('P', 'a b')\n"
    "def f(x): return torch.relu(P(x, 1).a), P(x, 2)",
    "tensors": "def f(x): return torch.ones(3) + x, x + torch.zeros(2), torch.arange(3) * x",
    "tensor method": "def f(x): return torch.ones(3) * x, torch.ones(3).add(1) - x, torch.ones(3) @ x",
    "attributes": "def f(x): return x.shape[0], x.T, x.device, x.real.imag, x.size(0), x.new_zeros(x.shape), x.data",
    "functional": "def f(x): return F.relu(x), F.dropout(x, 0.1), F.max_pool2d(x, 2), "
    "F.max_pool2d(x, 2, return_indices=True), "
    "F.softmax(x, -1), F.conv2d(x, x, stride=(1, 2)), F.linear(x, x), F.gelu(x), F.sigmoid(x), "
    "F.pad(x, (1, 1)), F.upsample(x, 3)",
    "imported": "from math import sqrt\nimport math\nrelu = torch.relu\nsm = F.softmax\n"
    "def f(x): return sqrt(x), math.floor(x), relu(x), sm(x, 1)",
    "calls": "def f(x): return x(), x.a.b(1), x.__setitem__(0, 1), f'{x}', isinstance(x, torch.Tensor)",
    "iterating": "def f(x): return [i for i in x]",
    "branching": "def f(x): return 1 if x else 2",
    "length": "def f(x): return len(x)",
    "in a list": "def f(x): return x in [1, 2]",
    "a set": "def f(x): return x + {1}",
    "as int": "def f(x): return int(x)",
    "as range": "def f(x): return range(x)",
    "unhashed keys": "def f(x): return {x: 1}",
    "wrong keyword": "def f(x): return F.relu(x, nope=1)",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_traced_as_in_pytorch(name: str) -> None:
    assert code_and_graph(mibun, PROGRAMS[name]) == code_and_graph(torch, PROGRAMS[name])


# --- Modules ---

MODULES = """Linear(3,4)|Bilinear(2,3,4)|Conv1d(2,3,2)|Conv2d(2,4,3,padding=1,groups=2)|Conv2d(2,4,3,padding='same')
Conv3d(1,1,1)|ConvTranspose1d(2,2,2)|ConvTranspose2d(2,2,2,stride=2)|ReLU()|GELU('tanh')|SiLU()|ELU()|Hardtanh()
LeakyReLU(0.1)|Softplus()|Hardshrink()|Threshold(0.1,2)|GLU()|PReLU()|RReLU()|Softmax(1)|LogSoftmax(1)|AvgPool1d(2)
AvgPool2d(2)|AdaptiveAvgPool2d(1)|LPPool2d(2,2)|MaxPool2d(2,return_indices=True)|BatchNorm2d(3).eval()|LayerNorm(3)
RMSNorm(3)|GroupNorm(1,3)|InstanceNorm1d(3)|Dropout()|Dropout2d().eval()|Embedding(3,4)|EmbeddingBag(3,4)|Flatten()
Unflatten(1,(2,2))|Fold(2,1)|Unfold(2)|Upsample(scale_factor=2)|PixelShuffle(2)|ConstantPad2d(1,0)|MSELoss()
CrossEntropyLoss()|BCEWithLogitsLoss()|KLDivLoss()|CosineSimilarity()|TripletMarginLoss()|Identity()
Sequential(nn.Linear(2,2),nn.ReLU(),nn.Sequential(nn.Tanh()))""".replace("\n", "|").split("|")


@pytest.mark.parametrize("leaf", [True, False])
def test_modules_are_traced_as_in_pytorch(leaf: bool) -> None:
    wrong = []
    for text in MODULES:
        found = []
        for library in (torch, mibun):
            module = eval(f"nn.{text}", {"nn": library.nn})

            class Deep(library.fx.Tracer):
                def is_leaf_module(self, m, name):
                    return leaf

            root = library.nn.Sequential(module) if leaf else module
            try:
                graph = Deep().trace(root)
                found.append(str(graph) + library.fx.GraphModule(root, graph).code)
            except library.fx.proxy.TraceError:
                found.append("TraceError")
        if found[0] != found[1] and not (not leaf and "Tanh()" in text):
            wrong.append(text)
    assert wrong == []


NETWORK = """
class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width)
    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(out)) + x)
class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3)
        self.blocks = nn.Sequential(Block(4), Block(4))
        self.head = nn.Linear(4, 3)
    def forward(self, x):
        x = self.blocks(torch.relu(self.stem(x)))
        return self.head(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))
class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.qkv, self.out = nn.LayerNorm(8), nn.Linear(8, 24), nn.Linear(8, 8)
        self.mlp = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))
        self.scale = nn.Parameter(torch.ones(8))
        self.register_buffer("mask", torch.ones(5, 5).tril() == 1)
    def forward(self, x):
        q, k, v = self.qkv(self.norm(x)).view(2, 5, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=self.mask)
        x = x + self.out(a.transpose(1, 2).reshape(2, 5, 8)) * self.scale
        return x + self.mlp(x)
class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(6, 6) for _ in range(3)])
    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x, {"last": x}
"""
NETWORKS = [("ResNet", (2, 1, 8, 8)), ("Transformer", (2, 5, 8)), ("MLP", (3, 6))]


def network(library: Any, name: str) -> Any:
    scope = {"torch": library, "nn": library.nn, "F": library.nn.functional, "__name__": "networks"}
    exec(NETWORK, scope)
    library.manual_seed(0)
    return scope[name]()


def unpacked(result: Any) -> Any:
    return result[0] if isinstance(result, tuple) else result


@pytest.mark.parametrize(("name", "shape"), NETWORKS)
def test_a_network_computes_and_learns_through_its_code(name: str, shape: tuple[int, ...]) -> None:
    traced = {library: library.fx.symbolic_trace(network(library, name)) for library in (torch, mibun)}
    assert traced[mibun].code == traced[torch].code
    assert str(traced[mibun].graph) == str(traced[torch].graph)
    assert traced[mibun].print_readable(False) == traced[torch].print_readable(False)
    plain = network(mibun, name)
    x = mibun.randn(*shape)
    for module in (plain, traced[mibun], mibun.fx.Interpreter(traced[mibun])):
        run = module.run if isinstance(module, mibun.fx.Interpreter) else module
        result = unpacked(run(x))
        if isinstance(module, mibun.nn.Module):
            result.sum().backward()
    mibun.testing.assert_close(unpacked(plain(x)), unpacked(traced[mibun](x)))
    gradients = dict(traced[mibun].named_parameters())
    for path, parameter in plain.named_parameters():
        mibun.testing.assert_close(gradients[path].grad, parameter.grad)
    mibun.fx.passes.shape_prop.ShapeProp(traced[mibun]).propagate(x)
    torch.fx.passes.shape_prop.ShapeProp(traced[torch]).propagate(torch.randn(*shape))
    assert traced[mibun].print_readable(False) == traced[torch].print_readable(False)
    metas = [[str(n.meta.get("tensor_meta")) for n in traced[one].graph.nodes] for one in (mibun, torch)]
    if name == "Transformer":  # PyTorch's attention gives a transposed view
        metas = [[text.partition("stride=")[0] for text in some] for some in metas]
    assert metas[0] == metas[1]


# --- graphs that are changed, and what is made of them ---

CHANGES = {
    "replace": """
traced = fx.symbolic_trace(lambda x, y: torch.relu(x + y) * torch.relu(x - y))
for node in list(traced.graph.nodes):
    if node.target is torch.relu:
        with traced.graph.inserting_after(node):
            new = traced.graph.call_function(torch.tanh, node.args)
        node.replace_all_uses_with(new)
        traced.graph.erase_node(node)
traced.graph.lint(); traced.recompile(); out(traced.code, traced.graph)
""",
    "dead code": """
traced = fx.symbolic_trace(lambda x: (x + 1, x.foo(), x * 2)[-1])
out(traced.graph.eliminate_dead_code(), traced.graph)
""",
    "build": """
graph = fx.Graph()
x = graph.placeholder("x"); w = graph.get_attr("a.0.w"); m = graph.call_module("a.0.m", (x,), {"k": w})
i = graph.call_function(operator.iadd, (m, 1)); g = graph.call_function(getattr, (i, "shape"))
s = graph.call_method("view", (i, -1)); graph.output({"a": [s, (g,)], "b": slice(x, None)})
out(graph, graph.python_code("self").src, [n.format_node() for n in graph.nodes], x.users, s.all_input_nodes)
out(graph.find_nodes(op="call_module"), graph.find_nodes(op="call_function", target=getattr), graph.output_node())
out(x < s, s < x, x.next, s.prev, len(graph.nodes), list(reversed(graph.nodes)))
s.update_arg(1, 5); s.insert_arg(1, 7); s.update_kwarg("k", x); s.replace_input_with(i, m); out(graph)
copied = copy.deepcopy(graph); out(copied, pickle.loads(pickle.dumps(graph)))
target = fx.Graph(); table = {}; target.output(target.graph_copy(graph, table)); out(target, table)
""",
    "errors": """
graph = fx.Graph(); x = graph.placeholder("x"); y = graph.call_function(torch.relu, (x,))
for wrong in (lambda: graph.erase_node(x), lambda: graph.call_function("a"), lambda: graph.create_node("bad", "x"),
              lambda: graph.call_method(3), lambda: y.kwargs.update({}), lambda: fx.Graph().output_node(),
              lambda: y.insert_arg(5, 1), lambda: fx.GraphModule({}, graph) and 1, lambda: fx.GraphModule(3, graph),
              lambda: (x.append(x), y.append(x), graph.lint()),
              lambda: fx.wrap("f"), lambda: fx.wrap(3)):
    try: out("fine", wrong())
    except Exception as error: out(type(error).__name__)
""",
    "transformer": """
class T(fx.Transformer):
    def call_function(self, target, args, kwargs):
        return torch.mul(*args) if target is operator.add else super().call_function(target, args, kwargs)
    def call_method(self, target, args, kwargs):
        return super().call_method("abs" if target == "neg" else target, args, kwargs)
traced = T(fx.symbolic_trace(lambda x, y=2: (x + y).neg())).transform(); out(traced.code, traced.graph)
""",
    "patterns": """
def f(x, w1, w2):
    return x + torch.max(torch.cat([w1, w2]).sum()) + torch.max(torch.cat([w2, x]).sum()) + torch.relu(x + 2)
for pattern, new in ((lambda a, b: torch.cat([a, b]).sum(), lambda a, b: torch.stack([a, b])),
                     (lambda a: torch.relu(a + 1), lambda a: a), (lambda a: torch.relu(a + 2), lambda a: a * a),
                     (lambda a, b: (a + b, torch.max(b)), lambda a, b: (b, a))):
    traced = fx.symbolic_trace(f)
    out(fx.replace_pattern(traced, pattern, new), traced.code)
traced = fx.symbolic_trace(f)
out(rewriter.replace_pattern_with_filters(traced, lambda a: torch.relu(a + 1), lambda a: a, ignore_literals=True))
out(rewriter.replace_pattern_with_filters(traced, lambda a, b: a + b, lambda a, b: b, [lambda m, o, p: False]))
out(rewriter.replace_pattern_with_filters(traced, lambda a, b: torch.cat([a, b]).sum(),
    replacement_callback=lambda m, o, p: fx.symbolic_trace(lambda a, b: a @ b).graph), traced.code)
""",
    "module patterns": """
class P(nn.Module):
    def __init__(self): super().__init__(); self.l = nn.Linear(3, 3)
    def forward(self, x): return torch.relu(self.l(x))
class R(nn.Module):
    def __init__(self):
        super().__init__(); self.l = nn.Linear(3, 3); self.g = nn.GELU(); self.p = nn.Parameter(torch.ones(1))
    def forward(self, x): return self.g(self.l(x)) * self.p
class Big(nn.Module):
    def __init__(self): super().__init__(); self.l = nn.Linear(3, 3); self.k = nn.Linear(3, 3)
    def forward(self, x): return torch.relu(self.l(x)) + torch.relu(self.k(x))
traced = fx.symbolic_trace(Big()); out(fx.replace_pattern(traced, P(), R()), traced)
""",
    "concrete": """
def h(x, flag, d):
    return d["a"] + d["b"][0] if flag else x
traced = fx.symbolic_trace(h, {"flag": True, "d": {"a": fx.PH, "b": [fx.PH]}})
out(traced.code, traced.graph, traced(1, True, {"a": 1, "b": [2]}))
for value in (False, None, 2, 1.5):
    traced = fx.symbolic_trace(lambda x, flag=1: x + 1 if flag else x, {"flag": value}); out(traced.code)
    try: out(traced(1, value), traced(1, 7))
    except Exception as error: out(type(error).__name__, error)
""",
    "shapes of parameters": """
class M(nn.Module):
    def __init__(self): super().__init__(); self.p = nn.Parameter(torch.ones(2, 3))
    def forward(self, x): return x @ self.p if self.p.shape[0] == 2 and self.p.dim() == 2 else x
out(fx.Tracer(param_shapes_constant=True).trace(M()))
""",
    "tracer": """
class T(fx.Tracer):
    def iter(self, obj): return iter([obj[0], obj[1]])
    def to_bool(self, obj): return True
    def keys(self, obj): return ["a"]
    def create_arg(self, a): return super().create_arg(sorted(a) if isinstance(a, set) else a)
out(T().trace(lambda x: ([i for i in x], 1 if x else 2, {**x}, x + {2, 1})))
class L(fx.Tracer):
    record_stack_traces = True
class M(nn.Module):
    def __init__(self): super().__init__(); self.l = nn.Sequential(nn.Linear(2, 2))
    def forward(self, x): return self.l(x) + 1
out([(n.name, [(k, v[0]) for k, v in n.meta.get("nn_module_stack", {}).items()]) for n in L().trace(M()).nodes])
""",
    "proxies": """
graph = fx.Graph(); x = fx.Proxy(graph.placeholder("x")); y = torch.sin(x) + x.foo(1).bar
out(y, y.node, x.foo, graph)
graph.output(y.node); out(graph, fx.GraphModule({}, graph).code)
try: x + fx.Proxy(fx.Graph().placeholder("y"))
except Exception as error: out(type(error).__name__)
""",
    "modules": """
class M(nn.Module):
    def __init__(self):
        super().__init__(); self.l = nn.Linear(2, 2); self.unused = nn.ReLU(); self.register_buffer("b", torch.ones(2))
    def forward(self, x): return self.l(x) + self.b
traced = fx.symbolic_trace(M()); out(traced, list(traced.state_dict()), type(traced).__name__)
out(traced.add_submodule("a.b.c", nn.ReLU()), traced.add_submodule("l.weight.c", nn.ReLU()))
out(traced.delete_submodule("a.b.c"), traced.delete_submodule("zz")); traced.delete_all_unused_submodules(); out(traced)
again = copy.deepcopy(traced); out(again.code, again.l is traced.l); out(pickle.loads(pickle.dumps(again)))
def transform(before):
    return lambda body: ["import os\\n", *body]
with traced.graph.on_generate_code(transform): traced.recompile(); out(traced.code)
traced.recompile(); out(traced.code)
out(fx.GraphModule(nn.Module(), fx.Graph()).code)
traced.print_readable(); out(traced.print_readable(False, colored=True), traced.graph.python_code("self")._lineno_map)
""",
    "annotate": """
traced = fx.symbolic_trace(lambda x: annotate(torch.relu(x), torch.Tensor) + 1); out(traced.code, traced.graph)
types = fx.tensor_type
shape = types.TensorType((1, types.Dyn)); out(shape, types.is_consistent(types.TensorType((1, 2)), shape))
""",
    "wrapped": """
out([fx.symbolic_trace(g).code for g in (lambda x: helper(x, 1), lambda x: len(x), lambda x: helper(1, 2))])
""",
}
HELPERS = "def helper(x, y): return y\nfx.wrap('helper'); fx.wrap('len')\n"


@pytest.mark.parametrize("name", CHANGES)
def test_graphs_change_as_in_pytorch(name: str) -> None:
    results = []
    for library in (torch, mibun):
        written = io.StringIO()

        def out(*values: Any, written: io.StringIO = written) -> None:
            print(*values, file=written)

        import operator

        scope = {"torch": library, "nn": library.nn, "fx": library.fx, "operator": operator, "copy": copy, "out": out}
        scope["annotate"] = importlib.import_module(f"{library.__name__}.fx.annotate").annotate
        scope |= {"pickle": pickle, "rewriter": library.fx.subgraph_rewriter, "__name__": "program"}
        with contextlib.redirect_stdout(written), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if name == "wrapped":
                exec(HELPERS, scope)
            exec(CHANGES[name], scope)
        results.append(written.getvalue())
    assert results[1] == results[0]
    assert results[0]


def test_an_error_shows_the_generated_line(capsys: pytest.CaptureFixture[str]) -> None:
    traced = mibun.fx.symbolic_trace(lambda x: x.nope() + 1)
    with pytest.raises(AttributeError):
        traced(mibun.ones(3))
    shown = capsys.readouterr().err
    assert "nope = x.nope();  x = None" in shown
    assert "<--- HERE" in shown
    assert "line 5 of the traced Module's generated forward function" in shown
    with pytest.raises(RuntimeError, match="While executing %mm"):
        mibun.fx.Interpreter(mibun.fx.symbolic_trace(lambda x: torch_mm(x))).run(mibun.ones(3))


def torch_mm(x: Any) -> Any:
    return mibun.mm(x, x)


def test_nothing_stays_exchanged_after_a_trace() -> None:
    before = mibun.relu, mibun.nn.functional.relu, mibun.nn.Module.__call__, mibun.nn.Module.__getattr__
    with pytest.raises(mibun.fx.proxy.TraceError):
        mibun.fx.symbolic_trace(lambda x: bool(x))
    traced = mibun.fx.symbolic_trace(lambda x: mibun.relu(x))
    assert (mibun.relu, mibun.nn.functional.relu, mibun.nn.Module.__call__, mibun.nn.Module.__getattr__) == before
    assert [node.target for node in traced.graph.nodes][1] is mibun.relu


def test_a_long_graph_is_copied_and_pickled() -> None:
    def f(x):
        for _ in range(3000):
            x = x + 1
        return x

    traced = mibun.fx.symbolic_trace(f)
    for made in (copy.deepcopy(traced), pickle.loads(pickle.dumps(traced))):
        assert made(mibun.zeros(())).item() == 3000
    assert len(pickle.loads(pickle.dumps(traced.graph)).nodes) == 3002


def test_a_package_is_written(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    traced = mibun.fx.symbolic_trace(network(mibun, "MLP"))
    traced.to_folder(tmp_path / "made_by_fx", "Made")
    source = (tmp_path / "made_by_fx" / "module.py").read_text().replace("import torch\n", "import mibun as torch\n")
    source = source.replace("import torch.", "import mibun.").replace("from torch", "from mibun")
    scope: dict[str, Any] = {}
    exec(source, scope)
    x = mibun.randn(3, 6)
    mibun.testing.assert_close(scope["Made"]()(x)[0], traced(x)[0])
