"""How Modules put converted and loaded tensors in the place of their parameters: the switches of `torch.__future__`.

By default a parameter stays the same object, and its data are exchanged. Both switches are of the whole process, and
False at first.
"""

_overwrite = False
_swap = False

__all__ = [
    "get_overwrite_module_params_on_conversion",
    "get_swap_module_params_on_conversion",
    "set_overwrite_module_params_on_conversion",
    "set_swap_module_params_on_conversion",
]


def set_overwrite_module_params_on_conversion(value: bool) -> None:
    """Whether `Module.to` and its kin put new Parameters in the place of the old ones.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(1, 1)
    >>> before = layer.weight
    >>> torch.__future__.set_overwrite_module_params_on_conversion(True)
    >>> layer.double().weight is before
    False
    >>> torch.__future__.set_overwrite_module_params_on_conversion(False)
    """
    global _overwrite
    _overwrite = value


def get_overwrite_module_params_on_conversion() -> bool:
    """What `set_overwrite_module_params_on_conversion` has set."""
    return _overwrite


def set_swap_module_params_on_conversion(value: bool) -> None:
    """Whether `Module.to`, its kin and `load_state_dict` exchange all that parameters are: see `utils.swap_tensors`."""
    global _swap
    _swap = value


def get_swap_module_params_on_conversion() -> bool:
    """What `set_swap_module_params_on_conversion` has set."""
    return _swap
