"""What `inspect`, `help` and `pickle` see of the public functions and methods, and when a declaration is refused."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pydoc
import re
import sys
import warnings
from types import FunctionType

import pytest

import mibun as torch
from mibun.core.registry import FUNCTIONS, METHODS, OPS
from mibun.dispatch.declare import op, pointwise
from mibun.dispatch.describe import facts_of
from samples import SAMPLES

NAMESPACES = {
    "mibun": (torch, sorted(FUNCTIONS)),
    "mibun.nn.functional": (torch.nn.functional, torch.nn.functional.__all__),
    "mibun.linalg": (torch.linalg, torch.linalg.__all__),
    "mibun.fft": (torch.fft, torch.fft.__all__),
    "mibun.special": (torch.special, torch.special.__all__),
}
PUBLIC = [(module, name) for module, (_, names) in NAMESPACES.items() for name in names]


def found(module: str, name: str):
    return getattr(NAMESPACES[module][0], name)


def test_every_public_function_pickles():
    lost = []
    for module, name in PUBLIC:
        function = found(module, name)
        try:
            same = pickle.loads(pickle.dumps(function)) is function
        except Exception as error:
            same = error
        if same is not True:
            lost.append((module, name, same))
    assert lost == []


def test_every_method_pickles():
    lost = []
    for name in METHODS:
        method = getattr(torch.Tensor, name)
        if isinstance(method, FunctionType):
            try:
                same = pickle.loads(pickle.dumps(method)) == method
            except Exception as error:
                same = error
            if same is not True:
                lost.append((name, same))
    assert lost == []


def test_modules_with_functions_as_attributes_pickle():
    class_ = torch.nn.TransformerEncoderLayer
    for act in (torch.relu, torch.exp, torch.softmax, torch.nn.functional.gelu, torch.Tensor.add):
        layer = class_(4, 2, 8, activation=torch.relu)
        layer.act = act
        assert pickle.loads(pickle.dumps(layer)).act == act


def test_names_and_modules_are_the_public_ones():
    wrong = []
    for module, name in PUBLIC:
        function = found(module, name)
        if isinstance(function, FunctionType):
            # Once a subclass of Tensor was made, `__name__` is PyTorch's: `linalg_cholesky` of `torch.linalg.cholesky`.
            prefix = f"{function.__module__.rpartition('.')[2]}_"
            public = function.__module__ in NAMESPACES
            public = public and function.__name__.removeprefix(prefix) == function.__qualname__
            there = public and getattr(NAMESPACES[function.__module__][0], function.__qualname__, None) is function
            if not there:
                wrong.append((module, name, function.__module__, function.__qualname__))
    assert wrong == []


def test_every_signature_has_names():
    """No function hides its arguments behind *args, but for those that take any number of Tensors or sizes."""
    hidden = []
    for module, name in PUBLIC:
        function = found(module, name)
        if isinstance(function, FunctionType):
            kinds = {p.kind for p in inspect.signature(function).parameters.values()}
            if inspect.Parameter.VAR_KEYWORD in kinds:
                hidden.append((module, name, str(inspect.signature(function))))
    assert hidden == []


def test_every_public_function_has_a_docstring():
    assert [(m, n) for m, n in PUBLIC if isinstance(found(m, n), FunctionType) and not found(m, n).__doc__] == []


def test_the_source_of_an_operator_is_its_declaration():
    source = inspect.getsource(torch.exp)
    assert (
        source.startswith("@op(") and "vjp=lambda xp, g, out: g * xp.conj(out)" in source and "xp.exp(input)" in source
    )
    torch.exp(torch.ones(2))  # nor does its first call change that
    assert inspect.getsource(torch.exp) == source
    assert str(inspect.signature(torch.exp)).startswith("(input:") and "out" in str(inspect.signature(torch.exp))


def test_help_ends_with_the_derivative():
    text = pydoc.render_doc(torch.exp)
    assert "vjp: lambda xp, g, out: g * xp.conj(out)" in text and "ExpBackward0" in text
    assert "forward mode" in text and "dtypes" in text
    # Of a function that is written by hand, the operators that it applies.
    assert "vjp:" in pydoc.render_doc(torch.sum) and "Operator sum_dim" in pydoc.render_doc(torch.sum)
    assert "in place" in inspect.getdoc(torch.Tensor.exp_)


def test_help_of_a_function_outside_mibun_ends_with_the_derivative():
    for function, operators in (
        (torch.linalg.det, ["linalg_det"]),
        (torch.nn.functional.gelu, ["gelu_exact", "gelu_tanh"]),
    ):
        text = pydoc.render_doc(function)
        for name in operators:
            facts = text.partition(f"Operator {name}:")[2].partition("Operator ")[0]
            assert "vjp:" in facts and "node:" in facts and "dtypes:" in facts
            assert text.count(f"Operator {name}:") == 1
        # The source is still that of the function, and its own docstring comes first.
        assert inspect.getsource(function).startswith(f"def {inspect.unwrap(function).__code__.co_name}(")
        assert inspect.getdoc(function).splitlines()[0] == str.strip(function.__doc__).splitlines()[0]


# Public functions of whose help no operator is part, by reason.
WITHOUT_OPERATORS = {
    "what they make depends on no Tensor's values": """arange empty empty_like eye frombuffer from_file
        from_numpy
        full full_like linspace logspace ones ones_like rand rand_like randint randint_like randn randn_like
        randperm scalar_tensor tril_indices triu_indices zeros zeros_like rfftfreq""",
    "they say something of a Tensor, or where something is in it": """argwhere broadcast_shapes get_device is_complex
        is_conj is_distributed is_floating_point is_inference is_neg is_same_size is_signed is_storage is_tensor
        nonzero_static numel unravel_index""",
    "they refuse, as in PyTorch": "eig lstsq matrix_rank solve symeig",
    "it is other functions, chunk by chunk": "linear_cross_entropy",
    "they are for sparse tensors, whose operators are declared later": "hsmm hspmm saddmm smm sspaddmm",
    "they return what they are given, or that without its graph": "detach detach_ positive resolve_conj resolve_neg",
}


def test_help_of_every_differentiable_function_shows_a_derivative():
    allowed = {name for names in WITHOUT_OPERATORS.values() for name in names.split()}
    differentiable = {sample.name for sample in SAMPLES if sample.order and not sample.method}
    without = set()
    for module, name in PUBLIC:
        function = found(module, name)
        if isinstance(function, FunctionType):
            text = inspect.getdoc(function)
            dotted = f"{module}.{name}".removeprefix("mibun.")
            if "Operator " not in text or (dotted in differentiable and "    node: " not in text):
                without.add(name)
    assert without == allowed


def test_the_facts_of_an_operator_are_those_of_its_record():
    """Every rule is there, of operators that a function declares too (whose source has no `@op` to be read)."""
    for op_ in OPS.values():
        facts = facts_of(op_)
        many = len(op_.operands) > 1
        for name in op_.vjp:
            assert f"    vjp{f' of {name}' if many else ''}: " in facts, op_.name
        assert ("    vjp: " in facts) >= (op_.joint is not None), op_.name
        assert ("    jvp" in facts) == (op_.jvp is not None) == ("    forward mode: " not in facts), op_.name
    assert "with name = 'heaviside'" in facts_of(OPS["heaviside"])


def test_help_names_the_operators_that_a_function_reaches():
    functional = torch.nn.functional
    for function, nodes in (
        (functional.conv2d, ["ConvolutionBackward0"]),
        (functional.cross_entropy, ["LogSoftmaxBackward0", "NllLossBackward0"]),
        (functional.relu, ["ReluBackward0"]),
        (functional.dropout, ["MulBackward0"]),
        (torch.matmul, ["MmBackward0", "DotBackward0"]),
        (torch.linalg.multi_dot, ["MmBackward0"]),
        (torch.fft.fftn, ["FftC2CBackward0"]),
        (torch.special.zeta, ["SpecialZetaBackward0"]),
        (torch.special.log_softmax, ["LogSoftmaxBackward0"]),
    ):
        text = inspect.getdoc(function)
        assert [node for node in nodes if f"node: {node}" not in text] == [], function
    # A function of many operators shows some, and names the others.
    text = inspect.getdoc(functional.interpolate)
    assert text.count("Operator ") == 8 and "and the operators resample_" in text


def test_what_is_written_at_run_time_can_be_read():
    x = torch.ones(2, requires_grad=True)
    y = torch.exp(x)
    y.sum().backward()
    exp = getattr(torch.exp, "_asks", torch.exp)  # (which another test's subclass of Tensor may have exchanged)
    assert "z = (kernel(x) if x.size < LARGE" in inspect.getsource(exp.__code__)
    assert "rule_0(xp, g, v1)" in inspect.getsource(y.grad_fn.op.run_once)


def test_a_misspelt_argument_of_a_rule_is_an_error_when_declared():
    before = set(OPS)
    with pytest.raises(TypeError, match="'inptu', which is no operand, output, residual or parameter"):

        @op(pointwise, public=False, vjp=lambda xp, g, inptu: g)
        def misspelt(xp, input):
            return input

    with pytest.raises(TypeError, match="a vjp for 'othr'"):

        @op(pointwise, public=False, vjp={"input": lambda xp, g: g, "othr": lambda xp, g: g})
        def misspelt_operand(xp, input, other):
            return input

    assert set(OPS) == before


def test_in_place_functions_beside_the_methods():
    names = "abs_ addmv_ clamp_ clamp_max_ clamp_min_ clip_ conj_physical_ exp_ fill_ nan_to_num_ resize_as_ round_ "
    names += "square_ xlogy_"
    assert [name for name in names.split() if not hasattr(torch, name)] == []


def test_every_public_class_shows_its_source():
    places = (torch, torch.nn, torch.nn.utils, torch.nn.utils.parametrize, torch.nn.parameter, torch.optim)
    places += (torch.optim.lr_scheduler, torch.utils.data, torch.autograd, torch.autograd.graph)
    places += (torch.autograd.forward_ad, torch.autograd.function, sys.modules["mibun.autograd.gradcheck"])
    names = {(place, name) for place in places for name in {*dir(place), *getattr(place, "__all__", ())}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some names are deprecated
        values = [getattr(place, name) for place, name in names if not name.startswith("_")]
    classes = {
        value
        for value in values
        if isinstance(value, type) and value.__module__.partition(".")[0] == "mibun"
        if type(value).__name__ != "tensortype"  # made by a call, for each dtype: they have no statement
    }
    assert len(classes) > 200 and {torch.Size, torch.nn.ReLU, torch.optim.SGD} < classes
    wrong = []
    for cls in classes:
        try:
            file, source = inspect.getsourcefile(cls), inspect.getsource(cls)
            right = file == sys.modules[cls.__module__].__file__ and re.match(
                rf"(@.*\n)*class {cls.__name__}\b", source
            )
        except (OSError, TypeError) as error:
            right, source = False, error
        if not right:
            wrong.append((cls.__module__, cls.__name__, source))
    assert wrong == []


@pytest.mark.parametrize("module", ["activation", "loss", "rnn"])
def test_classes_are_found_by_pytorchs_modules_too(module):
    """By the file that they are written in, which new pickles name, and by PyTorch's module, which older ones name."""
    index = importlib.import_module(f"mibun.nn.modules.{module}")
    for name in index.__all__:
        value = getattr(index, name)
        assert pickle.loads(f"c{index.__name__}\n{name}\n.".encode()) is value
        assert pickle.loads(f"c{value.__module__}\n{name}\n.".encode()) is value
        assert pickle.loads(pickle.dumps(value)) is value
        if isinstance(value, type):
            assert torch.typename(value) == f"torch.nn.modules.{module}.{name}"
    assert torch.typename(torch.optim.lr_scheduler.StepLR) == "torch.optim.lr_scheduler.StepLR"
    assert torch.typename(torch.optim.SGD) == "torch.optim.sgd.SGD"
