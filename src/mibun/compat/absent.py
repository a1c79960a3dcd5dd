"""PyTorch's names of Tensor that mibun does not have (yet): whoever asks for one is told so, and which names are near.

The rest that is unknown is Python's business, which suggests names of its own.
"""

from __future__ import annotations

from ..core.missing import REASONS, AbsentName
from ..core.tensor import Tensor

ABSENT = """
chalf const_data_ptr dequantize dim_order eig grad_dtype hash_tensor index int_repr ipu is_distributed lstsq
module_load mtia name q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale q_zero_point qscheme
record_stream reinforce resize resize_as slice_inverse solve symeig to_mkldnn to_padded_tensor xpu
""".split()

_COMPILED = "there is no compiler: functions run as they are"
_QUANTISED = "there are no quantised dtypes"
_EXPORTED = "a program cannot be written in a form that runs without Python"

# Of names outside of Tensor that will not be there, or not soon: what the error says.
REASONS.update(
    {
        "_dynamo.aot_compile": _COMPILED,
        "_dynamo.explain": f"{_COMPILED}, and so there is nothing to explain",
        "_dynamo.export": _EXPORTED,
        "_dynamo.lookup_backend": _COMPILED,
        "_dynamo.register_backend": f"{_COMPILED}, and a backend of one's own would be given nothing",
        "_export": _EXPORTED,
        "_inductor.compile": _COMPILED,
        "_subclasses.fake_tensor": _COMPILED,
        "ao": _QUANTISED,
        "compiler.load_cache_artifacts": _COMPILED,
        "compiler.save_cache_artifacts": _COMPILED,
        "export": f"{_EXPORTED}. Save the values with torch.save(module.state_dict(), f)",
        "jit.CompilationUnit": f"{_COMPILED}, and TorchScript's text is not run",
        "jit.ONNXTracedModule": "ONNX files are not made",
        "library.get_kernel": "kernels are Python functions: call the operator",
        "library.register_torch_dispatch": "an operator of a library does not ask for __torch_dispatch__",
        "library.triton_op": "there is no GPU that a Triton kernel could run on",
        "library.wrap_triton": "there is no GPU that a Triton kernel could run on",
        "nested": "there are no nested tensors: pad them, or torch.nn.utils.rnn.pack_sequence",
        "onnx": f"ONNX files are not made: {_EXPORTED}",
        "package": "nothing that is loaded from a file is executed, and a package is code",
        "quantization": _QUANTISED,
        "utils.cpp_extension": "extensions are compiled against PyTorch's C++ library. Write the operator in Python "
        "(torch.library.custom_op), or call compiled code through NumPy arrays",
        "utils.mobile_optimizer": _EXPORTED,
    }
)

for _name in ABSENT:
    if not hasattr(Tensor, _name):
        setattr(Tensor, _name, AbsentName(_name))
