"""Dense kernels over all lines or all events at once: byte windows, numbers, addresses, words, stamps; groups and sweeps."""
