"""Passes over graphs, and what runs several of them."""

from ....core.missing import explain_missing_names as _explain_missing_names

_explain_missing_names(__name__)
