"""The optimizers with `foreach=True`, as `torch.optim._multi_tensor` has them: here that changes nothing."""

from __future__ import annotations

import functools
from typing import Any

from .adadelta import Adadelta as _Adadelta
from .adagrad import Adagrad as _Adagrad
from .adam import Adam as _Adam
from .adamax import Adamax as _Adamax
from .adamw import AdamW as _AdamW
from .asgd import ASGD as _ASGD
from .nadam import NAdam as _NAdam
from .radam import RAdam as _RAdam
from .rmsprop import RMSprop as _RMSprop
from .rprop import Rprop as _Rprop
from .sgd import SGD as _SGD


def partialclass(cls: Any, *args: Any, **kwargs: Any) -> Any:
    """The subclass whose constructor has been given some arguments.

    >>> import mibun as torch
    >>> from mibun.optim._multi_tensor import partialclass
    >>> Slow = partialclass(torch.optim.SGD, lr=1e-5)
    >>> Slow([torch.ones(1, requires_grad=True)]).param_groups[0]["lr"]
    1e-05
    """
    return type(cls.__name__, (cls,), {"__init__": functools.partialmethod(cls.__init__, *args, **kwargs)})


ASGD = partialclass(_ASGD, foreach=True)
Adadelta = partialclass(_Adadelta, foreach=True)
Adagrad = partialclass(_Adagrad, foreach=True)
Adam = partialclass(_Adam, foreach=True)
AdamW = partialclass(_AdamW, foreach=True)
Adamax = partialclass(_Adamax, foreach=True)
NAdam = partialclass(_NAdam, foreach=True)
RAdam = partialclass(_RAdam, foreach=True)
RMSprop = partialclass(_RMSprop, foreach=True)
Rprop = partialclass(_Rprop, foreach=True)
SGD = partialclass(_SGD, foreach=True)
