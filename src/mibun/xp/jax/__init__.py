"""The namespace of JAX's arrays, which are immutable. Imported when the first such array, or device, is met."""
