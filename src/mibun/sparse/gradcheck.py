"""x"""


def as_sparse_gradcheck(gradcheck):
    return gradcheck
