"""Reading and writing at indices and under masks."""

from . import gathering, index_reduction, indexing, scatter_views, scattering
