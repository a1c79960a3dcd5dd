"""The namespace of any library that follows the Array API standard: `namespace`, and the gaps by family.

What a family has replaces what `namespace` has under the same name, so the families come after it.
"""

from . import namespace  # noqa: I001
from . import convolution, fourier, linalg, memory, order, pooling, special
