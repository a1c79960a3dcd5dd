"""`SummaryWriter` and `FileWriter` of tensorboardX, which are given arrays for Tensors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

import tensorboardX
from tensorboardX.summary import hparams as _hparams
from tensorboardX.writer import FileWriter

from .arrays import as_arrays, refuse_graph

__all__ = ["FileWriter", "SummaryWriter", "hparams"]


def _converting(method: Callable) -> Callable:
    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(self, *as_arrays(args), **as_arrays(kwargs))

    return call


def hparams(
    hparam_dict: dict[str, Any], metric_dict: dict[str, Any], hparam_domain_discrete: dict[str, list] | None = None
) -> tuple[Any, Any, Any]:
    """What is written of the settings of a run: which there are, those of the run, and that it is over.

    hparam_domain_discrete: the values that a setting may have; NotImplementedError, as tensorboardX writes none.
    """
    if hparam_domain_discrete:
        raise NotImplementedError(
            "hparam_domain_discrete: the package tensorboardX does not write it; tensorboard does"
        )
    return _hparams(as_arrays(hparam_dict), as_arrays(metric_dict))


class SummaryWriter(tensorboardX.SummaryWriter):
    """Writes what a run reports: `add_scalar`, `add_scalars`, `add_histogram`, `add_image`, `add_text`, …

    The methods are tensorboardX's, and take Tensors, which need no `detach`.

    Args:
        log_dir: the folder; `runs/` with the time and the name of the machine unless given.
        comment: added to that name.
        purge_step: what an earlier run has written from this step on is not to be shown.
        max_queue, flush_secs: how many events, and how long, may wait until they are written.
        filename_suffix: of the file.

    >>> import mibun as torch
    >>> from mibun.utils.tensorboard import SummaryWriter  # doctest: +SKIP
    >>> with SummaryWriter("runs/first") as writer:  # doctest: +SKIP
    ...     writer.add_scalar("loss", torch.tensor(0.5), 1)
    """

    def __init__(
        self,
        log_dir: Any = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
    ) -> None:
        super().__init__(
            None if log_dir is None else str(log_dir),
            comment,
            purge_step,
            max_queue,
            flush_secs,
            filename_suffix,
        )

    @property
    def log_dir(self) -> str:
        """The folder that it writes to."""
        return str(self.logdir)

    def get_logdir(self) -> str:
        """The folder that it writes to."""
        return str(self.logdir)

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        new_style: bool = False,
        double_precision: bool = False,
    ) -> None:
        """A number at a step. new_style and double_precision: how TensorBoard's file has it, which is as it was."""
        value = as_arrays(scalar_value)
        super().add_scalar(tag, value.item() if hasattr(value, "item") else value, global_step, walltime)

    def add_hparams(
        self,
        hparam_dict: dict[str, Any],
        metric_dict: dict[str, Any],
        hparam_domain_discrete: dict[str, list] | None = None,
        run_name: str | None = None,
        global_step: int | None = None,
    ) -> None:
        """Settings of a run, with what came of it, for comparison: in a folder of its own, `run_name` or the time.

        Errors as of `hparams`.
        """
        hparams(hparam_dict, metric_dict, hparam_domain_discrete)
        super().add_hparams(as_arrays(hparam_dict), as_arrays(metric_dict), run_name, global_step)

    def add_graph(self, model: Any, input_to_model: Any = None, verbose: bool = False, **kwargs: Any) -> NoReturn:
        """NotImplementedError: the graph of a Module would be PyTorch's, of its compiler."""
        refuse_graph()


for _name in dir(tensorboardX.SummaryWriter):
    if _name.startswith("add_") and _name not in vars(SummaryWriter):
        setattr(SummaryWriter, _name, _converting(getattr(tensorboardX.SummaryWriter, _name)))
