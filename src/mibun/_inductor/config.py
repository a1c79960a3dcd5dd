"""`torch._inductor.config`: settings of PyTorch's code generator that programs make. There is none here."""

from ..utils._config_module import group as _group
from ..utils._config_module import install_config_module as _install

_install(
    __name__,
    aggressive_fusion=False,
    benchmark_kernel=False,
    compile_threads=1,
    conv_1x1_as_mm=False,
    coordinate_descent_check_all_directions=False,
    coordinate_descent_tuning=False,
    cpp=_group(threads=-1),
    cpp_wrapper=False,
    debug=False,
    emulate_precision_casts=False,
    epilogue_fusion=True,
    fallback_random=False,
    force_disable_caches=False,
    force_fuse_int_mm_with_mul=False,
    freezing=False,
    fx_graph_cache=True,
    max_autotune=False,
    max_autotune_gemm=False,
    max_autotune_pointwise=False,
    pattern_matcher=True,
    shape_padding=True,
    size_asserts=True,
    split_reductions=True,
    trace=_group(enabled=False, graph_diagram=False),
    triton=_group(
        cudagraphs=False,
        cudagraph_skip_dynamic_graphs=False,
        cudagraph_trees=True,
        unique_kernel_names=True,
    ),
    use_mixed_mm=True,
)
