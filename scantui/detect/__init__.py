"""Detection: event columns in, scans and clusters out. No state, no clock, no input or output."""
