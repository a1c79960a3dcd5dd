"""`torch.fx.config`: switches that graph passes read."""

# Whether passes that can show their progress do so, and with how many words.
disable_progress = True
verbose_progress = False
# Whether stack traces that were recorded while tracing are left out of printed code.
do_not_emit_stack_traces = False
