"""`torch._functorch.config`: settings of how PyTorch compiles derivatives. There is nothing that heeds them."""

from ..utils._config_module import install_config_module as _install

_install(
    __name__,
    activation_memory_budget=1.0,
    aggressive_recomputation=False,
    cse=True,
    debug_assert=False,
    debug_partitioner=False,
    donated_buffer=True,
    enable_autograd_cache=True,
    enable_remote_autograd_cache=None,
    functionalize_rng_ops=False,
    max_dist_from_bw=1000,
    recompute_views=False,
    selective_decompose=False,
    static_weight_shapes=True,
    treat_parameters_as_free_to_save=True,
    unlift_effect_tokens=False,
    view_replay_for_aliased_outputs=True,
)
