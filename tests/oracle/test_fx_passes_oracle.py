"""The passes of torch.fx against PyTorch: the same programs print the same."""

from __future__ import annotations

import contextlib
import importlib
import io
import operator
import warnings
from typing import Any

import pytest

import mibun
import mibun.fx

torch = pytest.importorskip("torch")

PROGRAMS = {
    "split_module": """
class M(nn.Module):
    def __init__(self):
        super().__init__(); self.p = nn.Parameter(torch.ones(3)); self.l = nn.Linear(3, 3)
        self.seq = nn.Sequential(nn.Linear(3, 3), nn.ReLU())
    def forward(self, x, y=None):
        z = self.l(x + self.p).clamp(min=0., max=1.); a = torch.relu(z) * y; b = self.seq(a) + z
        c, d = torch.split(b, 1); return c + d, {"k": b}
split_module = load("passes.split_module").split_module
traced = fx.symbolic_trace(M())
for options in ({}, {"keep_original_order":
    True}, {"keep_original_node_name": True}, {"keep_original_input_name": False},
                {"partition_affix": "pp"}, {"tuple_return": True}):
    numbers = {node: index // 4 for index, node in enumerate(n for n in traced.graph.nodes if n.op.startswith("call"))}
    names = {}
    parts = split_module(traced, traced, numbers.get, names, **options)
    out(options, parts, names, [child.code for _, child in parts.named_children() if hasattr(child, "code")])
try: split_module(traced, traced, lambda node: 0 if node.name in ("add", "mul") else 1)
except RuntimeError as error: out(error)
""",
    "shapes and sizes": """
traced = fx.symbolic_trace(nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)))
graph_manipulation = load("passes.graph_manipulation"); tools = load("passes.tools_common")
graph_manipulation.get_size_of_all_nodes(traced, [torch.ones(2, 3)])
out([(n.name, n.size_bytes) for n in traced.graph.nodes if n.op != "output"])
out([tools.get_node_target(dict(traced.named_modules()), n) for n in traced.graph.nodes if n.op == "call_module"])
traced = fx.symbolic_trace(lambda x: torch.relu(x).view(-1))
out([tools.get_node_target({}, n) for n in traced.graph.nodes if n.op.startswith("call")])
graph_manipulation.replace_target_nodes_with(traced, "call_function", torch.relu, "call_function", torch.tanh)
out(traced.code)
""",
    "partitioner": """
support = load("passes.operator_support")
class Support(support.OperatorSupport):
    def is_node_supported(self, submodules, node): return node.op == "call_function" and node.target is not torch.tanh
traced = fx.symbolic_trace(lambda a, b, c: (torch.add(torch.tanh(torch.add(a, b) * 2) - c, a) * b, c * c + 1))
partitioner = load("passes.infra.partitioner").CapabilityBasedPartitioner(traced, Support())
found = partitioner.propose_partitions(); out([sorted(n.name for n in part.nodes) for part in found])
compare = load("passes.utils.common").compare_graphs
out(compare(fx.symbolic_trace(lambda x: x + 1).graph, fx.symbolic_trace(lambda y: y + 1).graph))
out(compare(fx.symbolic_trace(lambda x: x + 1).graph, fx.symbolic_trace(lambda y: y + 2).graph))
""",
    "order": """
graph = fx.Graph(); x = graph.placeholder("x"); a = graph.call_function(torch.relu, (x,))
b = graph.call_function(torch.tanh, (a,))
graph.output(b); x.append(b); module = fx.GraphModule({}, graph); out(module.code)
load("passes.tools_common").legalize_graph(module); out(module.code)
""",
    "fuse": """
class M(nn.Module):
    def __init__(self):
        super().__init__(); self.c = nn.Conv2d(1, 2, 3); self.b = nn.BatchNorm2d(2); self.d = nn.Dropout()
        self.n = nn.Sequential(nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2))
    def forward(self, x): return self.d(self.n(self.b(self.c(x))))
optimization = load("experimental.optimization"); model = M().eval(); x = torch.ones(1, 1, 5, 5)
optimized = optimization.optimize_for_inference(model, {"mkldnn_layout_optimize": False})
for made in (optimization.fuse(model), optimization.remove_dropout(model), optimized):
    out(made, torch.allclose(made(x), model(x), atol=1e-5))
union = optimization.UnionFind(3); [union.make_set(i) for i in range(3)]; union.join(0, 2)
out(union.find(2) == union.find(0) != union.find(1))
""",
    "pass manager": """
base, manager = load("passes.infra.pass_base"), load("passes.infra.pass_manager")
class Smooth(base.PassBase):
    def call(self, module):
        for node in module.graph.nodes:
            if node.target is torch.relu: node.target = torch.tanh; return base.PassResult(module, True)
        return base.PassResult(module, False)
def clean(module): module.graph.eliminate_dead_code()
traced = fx.symbolic_trace(lambda x: (x + 1, torch.relu(torch.relu(x)))[1])
result = manager.PassManager([Smooth(), manager.pass_result_wrapper(clean)], steps=5)(traced)
out(result.modified, result.graph_module.code)
try: manager.PassManager([clean])(traced)
except Exception as error: out(type(error).__name__, error)
first, second = Smooth(), Smooth()
ordered = manager.PassManager([first, second], [manager.this_before_that_pass_constraint(second, first)])
try: ordered.validate_constraints()
except RuntimeError as error: out("refused")
ordered.solve_constraints(); out(ordered.passes[0] is second)
older = load("passes.pass_manager")
passes = [older.inplace_wrapper(clean), older.loop_pass(lambda m: m, 2)]
out(older.PassManager.build_from_passlist(passes)(traced) is traced)
""",
    "arguments": """
schemas = load("operator_schemas")
out(schemas.normalize_function(F.relu, (1,)))
out(schemas.normalize_function(F.dropout, (1,), {"p": 0.2}, normalize_to_only_use_kwargs=True))
out(schemas.normalize_function(len, (1,)))
out([schemas.create_type_hint(t) for t in ([int, int], (int, bool), [int, str], int, [])])
traced = fx.symbolic_trace(nn.Sequential(nn.Linear(2, 2)))
out([n.normalized_arguments(traced, normalize_to_only_use_kwargs=True) for n in traced.graph.nodes])
traced = fx.symbolic_trace(lambda x: F.relu(F.softmax(x, -1)))
out(load("experimental.normalize").NormalizeArgs(traced).transform().code)
""",
    "provenance": """
tb = fx.traceback
with tb.preserve_node_meta(), tb.annotate({"part": 1}): graph = fx.symbolic_trace(lambda x: x + 1).graph
out([n.meta.get("custom") for n in graph.nodes], tb.has_preserved_node_meta())
traced = fx.Transformer(fx.symbolic_trace(lambda x: torch.relu(x) + 1)).transform()
out([n.name for n in traced.graph.nodes])
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_pass_does_what_pytorch_does(name: str) -> None:
    results = []
    for library in (torch, mibun):
        written = io.StringIO()

        def out(*values: Any, written: io.StringIO = written) -> None:
            print(*values, file=written)

        def load(module: str, library: Any = library) -> Any:
            return importlib.import_module(f"{library.__name__}.fx.{module}")

        library.manual_seed(0)
        scope = {"torch": library, "nn": library.nn, "F": library.nn.functional, "fx": library.fx, "out": out}
        scope |= {"load": load, "operator": operator, "__name__": "program"}
        with contextlib.redirect_stdout(written), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(PROGRAMS[name], scope)
        results.append(written.getvalue())
    assert results[1] == results[0]
    assert results[0]


def test_fused_partitions_compute_the_same() -> None:
    support = importlib.import_module("mibun.fx.passes.operator_support")
    partitioner = importlib.import_module("mibun.fx.passes.infra.partitioner")
    traced = mibun.fx.symbolic_trace(lambda a, b: (mibun.tanh(a + b) * 2 - b, mibun.relu(b) + 1))
    a, b = mibun.randn(3), mibun.randn(3)
    expected = traced(a, b)
    supported = support.create_op_support(
        lambda parts, node: node.op == "call_function" and node.target is not mibun.tanh
    )
    fused = partitioner.CapabilityBasedPartitioner(traced, supported).partition_and_fuse()
    assert any(node.op == "call_module" for node in fused.graph.nodes)
    mibun.testing.assert_close(fused(a, b), expected)


def test_a_graph_is_drawn() -> None:
    pytest.importorskip("pydot")
    drawer = importlib.import_module("mibun.fx.passes.graph_drawer").FxGraphDrawer
    traced = mibun.fx.symbolic_trace(mibun.nn.Sequential(mibun.nn.Linear(2, 2), mibun.nn.ReLU()))
    text = drawer(traced, "net").get_dot_graph().to_string()
    assert text.count("->") == 5  # three between steps, two from the weights
    assert "op_code=call_module" in text
