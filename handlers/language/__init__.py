"""Text → records. Pure: no I/O but its own data files, no clock, no configuration."""
