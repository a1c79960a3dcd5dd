"""`torch.utils.model_zoo`: the old place of `torch.hub.load_state_dict_from_url`. An index only."""

from ..core.missing import explain_missing_names as _explain_missing_names
from ..hub import load_state_dict_from_url
from ..hub import load_state_dict_from_url as load_url

__all__ = ["load_state_dict_from_url", "load_url"]

_explain_missing_names(__name__)
