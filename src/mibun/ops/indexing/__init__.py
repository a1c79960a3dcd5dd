"""Reading and writing at indices and under masks."""

from . import gathering, index_reduction, indexing, masking, scatter_views, scattering
