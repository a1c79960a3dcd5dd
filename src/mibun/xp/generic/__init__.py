"""The namespace of any library that follows the Array API standard: `namespace`, and the gaps of the standard by family."""
