"""Names that libraries take from PyTorch's private modules: what they give, against installed PyTorch."""

from __future__ import annotations

import importlib
import pickle
import warnings

import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

for library in "mibun", "torch":
    for module in "_tensor_str", "_utils", "torch_version", "_VF", "utils._contextlib", "autograd._functions":
        importlib.import_module(f"{library}.{module}")

# F is torch.nn.functional, R its _Reduction, C is torch._C, T is TorchVersion.
EXPRESSIONS = [
    'R.get_enum("none")',
    'R.get_enum("elementwise_mean")',
    'R.get_enum("foo")',
    "R.legacy_get_string(True,None)",
    "R.legacy_get_string(None,False)",
    "R.legacy_get_enum(None,None)",
    'F._get_softmax_dim("softmax",2,5)',
    "F._verify_batch_size([1,3])",
    "F._verify_batch_size([2,3])",
    "F._verify_batch_size([1,3,2])",
    "F._verify_spatial_size([1,3,1])",
    "F._verify_spatial_size([1,3,2])",
    "F._none_or_dtype(None)",
    "F._none_or_dtype(torch.ones(1))",
    "F._none_or_dtype(3)",
    'F._canonical_mask(torch.tensor([True,False]),"a",None,"",torch.float32)',
    'F._canonical_mask(torch.tensor([1]),"a",None,"",torch.float32)',
    'F._canonical_mask(None,"a",None,"",torch.float32)',
    'F._canonical_mask(torch.tensor([1.]),"a",torch.bool,"b",torch.float32)',
    "F._is_integer(3)",
    "F._is_integer(3.)",
    "F._is_integer(torch.tensor(1))",
    'F.assert_int_or_pair(3,"a","m")',
    'F.assert_int_or_pair((3,2,1),"a","m")',
    "F._list_with_default([None,2],[3,4])",
    "F._unpool_output_size(torch.ones(1,1,2,2),[2,2],[2,2],[0,0],None)",
    "F._unpool_output_size(torch.ones(1,1,2,2),[2,2],[2,2],[0,0],[5,4])",
    "F._unpool_output_size(torch.ones(1,1,2,2),[2,2],[2,2],[0,0],[7,4])",
    "F._unpool_output_size(torch.ones(1,1,2,2),[2,2],[2,2],[0,0],[1,1,4,4])",
    "F._unpool_output_size(torch.ones(1,1,2,2),[2,2],[2,2],[0,0],[4])",
    "[y.tolist() for y in F._in_projection_packed(x,x,x,torch.arange(12.).view(6,2))]",
    "F._max_pool2d(torch.ones(1,4,4),2).shape",
    "F.GRID_SAMPLE_PADDING_MODES",
    "F.DType",
    "F.has_torch_function((1,))",
    'F.boolean_dispatch("a",1,True,lambda x,a=True: 1,lambda x,a=False: 2,"m","n")(0)',
    'F.boolean_dispatch("a",1,True,lambda x,a=True: 1,lambda x,a=False: 2,"m","n")(0,False)',
    'F.boolean_dispatch("a",1,True,lambda x,a=True: 1,lambda x,a=False: 2,"m","n").__name__',
    "torch.nn.modules.module._EXTRA_STATE_KEY_SUFFIX",
    'torch.nn.modules.module._addindent("a\\nb",2)',
    "torch._tensor_str.PRINT_OPTS.precision",
    "F.Tensor is torch.Tensor",
    "torch._tensor.Tensor is torch.Tensor",
    "torch._tensor_str._str(torch.ones(1))",
    'torch._tensor_str._str(torch.ones(1,dtype=torch.int32,requires_grad=False),tensor_contents="...")',
    'torch._utils._get_device_index("cpu")',
    'torch._utils._get_device_index("cpu",allow_cpu=True)',
    "torch._utils._get_device_index(None)",
    "torch._utils._get_device_index(None,True)",
    'torch._utils._get_device_index("cuda:1")',
    'torch._utils._get_device_index("cuda")',
    'torch._utils._get_device_index("cuda",True)',
    "torch._utils._get_device_index(3)",
    'torch._utils._get_device_index("x")',
    "torch._utils._get_device_index(2.5)",
    'torch._utils._get_device_index(torch.device("cuda:2"))',
    "torch._utils._get_all_device_indices()",
    "torch._utils._get_devices_properties([0])",
    "torch._utils._element_size(torch.float32)",
    "torch._utils._element_size(torch.bool)",
    'torch._utils._import_dotted_name("torch.nn.Linear")',
    "torch._utils._handle_complex(torch.ones(1,dtype=torch.complex64)).dtype",
    'torch._utils._dummy_type("Foo").__name__',
    'torch._utils._dummy_type("Foo")()',
    "torch._utils.get_tensor_metadata(torch.ones(1))",
    'torch._utils.set_tensor_metadata(torch.ones(1),{"a":1})',
    "torch._utils.is_compiling()",
    'torch._utils.try_import("json").__name__',
    'torch._utils.try_import("nope")',
    'torch._utils._get_async_or_non_blocking("f",False,{"async":True})',
    'torch._utils._get_async_or_non_blocking("f",False,{"x":True})',
    "list(torch._utils._take_tensors([torch.ones(3),torch.ones(2,dtype=torch.float64),torch.ones(5)],16))",
    "list(torch._utils._take_tensors([torch.ones(1),torch.ones(2),torch.ones(2),torch.ones(5),torch.ones(1)],16))",
    "torch._utils._reorder_tensors_as([torch.zeros(1),torch.zeros(1,dtype=torch.int64)],[torch.zeros(1,dtype=torch.int64),torch.zeros(1)])",
    "torch._utils._flatten_dense_tensors([torch.ones(2,2),torch.zeros(1)])",
    "torch._utils._flatten_dense_tensors([])",
    "torch._utils._unflatten_dense_tensors(torch.arange(5.),[torch.ones(2,2),torch.zeros(1)])",
    "torch._utils._unflatten_dense_tensors(torch.arange(6.),[torch.ones(2,2),torch.zeros(1)])",
    "torch._utils._unflatten_dense_tensors(torch.arange(4.),[torch.ones(2,2),torch.zeros(1)])",
    "torch._utils._flatten_dense_tensors([torch.ones(2),torch.ones(1,dtype=torch.int64)])",
    "torch._utils._chunk_or_narrow_cat(torch.arange(6.).view(2,3),3,1,0)",
    "torch._utils._rebuild_tensor_v2(torch.arange(6.).storage(),1,(2,2),(2,1),True,{})",
    "torch._utils._rebuild_tensor_v2(torch.arange(6).storage(),1,(2,2),(2,1),False,{})",
    "torch._utils._rebuild_parameter(torch.ones(2),False,{})",
    'torch._utils._rebuild_parameter_with_state(torch.ones(2),True,{},{"a":1}).a',
    "torch._utils._set_obj_state(torch.nn.Parameter(torch.ones(1)),(1,2,3))",
    "torch.sym_float(3)",
    "torch.sym_int(3.7)",
    "torch.sym_max(1,2.0)",
    "torch.sym_ite(True,1,2)",
    "torch.sym_ite(1,1,2)",
    "torch.sym_ite(True,1,2.)",
    "torch.sym_sum([1,2])",
    "torch.sym_sum([])",
    "torch.sym_sqrt(4)",
    "torch.sym_sqrt(-1)",
    'torch.get_device_module("foo")',
    "isinstance(3,torch.SymInt)",
    "torch._check(False)",
    'torch._check(False, lambda: "x")',
    'torch._check(False,"x")',
    "torch._check(1)",
    "torch._check_value(False)",
    "torch._check_type(False)",
    "torch._check_index(False)",
    "torch._check_not_implemented(False)",
    "torch._check_tensor_all(torch.tensor([True,False]))",
    "torch._check_tensor_all(torch.tensor([1]))",
    "torch._check_tensor_all(1)",
    "torch._check_is_size(-1)",
    "torch._check_is_size(2)",
    "torch._check_is_size(2,max=1)",
    'torch._check_with(KeyError, False, lambda:"a")',
    'torch._assert(False,"m")',
    "torch.sym_max(torch.tensor(1),2)",
    "torch.thread_safe_generator()",
    "torch.random.thread_safe_generator()",
    'C._log_api_usage_once("x")',
    "C._get_privateuse1_backend_name()",
    "C._has_cuda",
    "C._infer_size((2,),(3,))",
    "C._is_torch_function_enabled()",
    "C._len_torch_function_stack()",
    "C._are_functorch_transforms_active()",
    "C._VariableFunctions.relu(torch.tensor([-1.]))",
    "isinstance(x,C.TensorBase)",
    "C._TensorMeta is type(torch.Tensor)",
    "C.device is torch.device",
    "C.dtype is torch.dtype",
    "C._get_default_device()",
    "C._has_torch_function((1,))",
    "C.AcceleratorError is torch.AcceleratorError",
    "C.OutOfMemoryError is torch.OutOfMemoryError",
    "C._get_accelerator()",
    "C.foo",
    "C._foo",
    "torch.autograd.forward_ad._current_level",
    "torch.autograd._functions.Resize.apply(torch.ones(2,2),(4,))",
    "torch.autograd._functions.Resize.apply(torch.ones(2,2),(3,))",
    "torch.autograd._functions.Type.apply(torch.ones(2),torch.float64)",
    "torch.functional.Tensor is torch.Tensor",
    "torch.utils._contextlib.context_decorator(lambda: torch.no_grad(), lambda: torch.is_grad_enabled())()",
    "torch.utils._contextlib.context_decorator(torch.no_grad(), 3)",
    "torch._VF.relu(torch.tensor([-1.0]))",
    'torch.torch_version.TorchVersion("1.10.0a") > (1, 2)',
    'torch.torch_version.TorchVersion("2.13.0+cpu") == "2.13.0"',
    "torch.version.cuda",
    "torch.version.debug",
    "torch.version.rocm",
    'T("1.10.0a")>"1.2"',
    'T("1.10.0a")>(1,2)',
    'T("2.13.0+cpu")=="2.13.0"',
    'T("2.13.0+cpu")=="2.13.0+cpu"',
    'T("2.13.0")==(2,13)',
    'T("parrot")=="parrot"',
    'T("2.13.0")=="parrot"',
    'T("2.13.0")<"parrot"',
    'T("2.13.0")>2.0',
    'T("2.13.0")==2.13',
    'T("2.13.0")<None',
    'T("2.13.0")==None',
    'T("2.13.0")>=["2",13]',
    'T("2.13.0.dev20220101")<"2.13"',
    'T("2.13.0rc1")<(2,13)',
    'T("2.13.0")<(2,13,"0rc1")',
    'type(T("2.13.0")+"x").__name__',
    'T("1!2.0")>"3"',
    '"2.14">T("2.13.0")',
    '(2,14)>T("2.13.0")',
    'T("2.13.0+a.1")<"2.13.0+a.2"',
    'T("2.13.0+a")<"2.13.0+1"',
    'T("2.13.0.post1")>"2.13.0"',
    'T("V2.13.0")=="2.13"',
    'T("2.13-1")=="2.13.post1"',
    'T("2.13.0")>=()',
    'T("2.13.0")<True',
    'T("a")<"b"',
    'T("2.13")>="1.x"',
    'T("2.13.0")>=(1,"x")',
    'T("1.0.dev1")<"1.0a1.dev1"',
    'T("1.0a1.dev1")<"1.0a1"',
    'T("1.0c1")=="1.0rc1"',
    'T("1.0.post1.dev1")<"1.0.post1"',
    'T("1.0.post1.dev1")>"1.0"',
    'T(" 1.0 ")=="1"',
    'T("1_0")=="10"',
    'T("1.0-r4")=="1.0.post4"',
    'T("1.0+ABC")=="1.0+abc"',
    'T("1.0+a-b")=="1.0+a.b"',
    'hash(T("2.13.0"))==hash("2.13.0")',
]


def outcome(library, expression):
    names = {
        "torch": library,
        "F": library.nn.functional,
        "R": library.nn.functional._Reduction,
        "C": library._C,
        "T": library.torch_version.TorchVersion,
        "x": library.ones(2),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return repr(eval(expression, names)).replace("mibun", "torch")
        except Exception as error:
            return type(error).__name__


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_as_pytorch(expression):
    assert outcome(mibun, expression) == outcome(torch, expression)


def test_version_compares_with_those_of_packaging():
    version = pytest.importorskip("packaging.version").Version
    ours = mibun.torch_version.TorchVersion("2.13.0")
    assert ours >= version("2.0") and ours == version("2.13") and version("3") > ours and ours != version("2.12")
    assert pickle.loads(pickle.dumps(ours)) == ours and str(ours) == "2.13.0"


@pytest.mark.parametrize("library", [mibun, torch], ids=["mibun", "torch"])
def test_switches_of_modules(library):
    """What `torch.__future__` switches: whether parameters are new objects, or others in the same objects."""
    future = library.__future__
    for swap in False, True:
        name = "swap" if swap else "overwrite"
        switch = getattr(future, f"set_{name}_module_params_on_conversion")
        switch(True)
        try:
            assert getattr(future, f"get_{name}_module_params_on_conversion")() is True
            layer = library.nn.Linear(2, 1)
            weight = layer.weight
            layer(library.ones(1, 2)).sum().backward()
            layer.double()
            assert (layer.weight is weight) == swap
            assert layer.weight.dtype is layer.weight.grad.dtype is library.float64 and layer.weight.requires_grad
            assert weight.dtype is (library.float64 if swap else library.float32)
            other = library.nn.Linear(2, 1).double()
            weight = other.weight
            other.load_state_dict(layer.state_dict())
            assert other.weight is weight and library.equal(other.weight, layer.weight)
            other.load_state_dict(layer.state_dict(), assign=True)
            assert (other.weight is weight) == swap and other.weight.data_ptr() == layer.weight.data_ptr()
        finally:
            switch(False)


def test_a_failed_load_is_undone_where_tensors_are_exchanged():
    layer = mibun.nn.Linear(2, 1)
    before, weight = layer.weight.detach().clone(), layer.weight
    mibun.__future__.set_swap_module_params_on_conversion(True)
    try:
        with pytest.raises(RuntimeError, match="size mismatch for bias"):
            layer.load_state_dict({"weight": mibun.zeros(1, 2), "bias": mibun.zeros(5)})
    finally:
        mibun.__future__.set_swap_module_params_on_conversion(False)
    assert layer.weight is weight and mibun.equal(weight, before)


@pytest.mark.parametrize("library", [mibun, torch], ids=["mibun", "torch"])
def test_level_of_forward_mode(library):
    forward_ad = library.autograd.forward_ad
    assert forward_ad._current_level == -1
    with forward_ad.dual_level():
        assert forward_ad._current_level == 0


@pytest.mark.parametrize("library", [mibun, torch], ids=["mibun", "torch"])
def test_decorating_contexts(library):
    """A generator's steps run inside of the context, and its caller outside."""
    said = []

    class Said(library.utils._contextlib._DecoratorContextManager):
        def __enter__(self):
            said.append("in")

        def __exit__(self, *error):
            said.append("out")

    @Said()
    def steps():
        got = yield 1
        try:
            yield got
        except ValueError:
            yield 3
        return 5

    generator = steps()
    assert [next(generator), generator.send(7), generator.throw(ValueError())] == [1, 7, 3]
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == 5 and said == ["in", "out"] * 4
    generator = steps()
    next(generator)
    generator.close()
    assert Said()(lambda: len(said))() == 8 + 4 + 1


@pytest.mark.parametrize("library", [mibun, torch], ids=["mibun", "torch"])
def test_redispatch(library):
    called = []

    class Logged(library.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            called.append(func.__name__)
            return library.overrides.redispatch_function(func, types, args, kwargs or {})

    def scaled(a, b):
        if library.overrides.has_torch_function((a, b)):
            return library.overrides.handle_torch_function(scaled, (a, b), a, b)
        return library.mul(a, b) + 1

    result = scaled(Logged(library.tensor([3.0])), Logged(library.tensor([4.0])))
    assert called == ["scaled", "mul"] and type(result) is library.Tensor and result.tolist() == [13.0]
    ignored, overrides = library.overrides.get_ignored_functions(), library.overrides.get_testing_overrides()
    assert library.is_tensor in ignored and library.add not in ignored and library.nn.init.uniform in ignored
    assert overrides[library.add](1, 2) == overrides[library.nn.functional.gelu](1) == -1
    with pytest.raises(TypeError):
        overrides[library.nn.functional.gelu]()
