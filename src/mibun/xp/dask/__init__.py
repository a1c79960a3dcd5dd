"""The namespace of Dask's arrays, which are computed later and by chunks. Imported when the first one is met."""
