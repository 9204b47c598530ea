"""Returnees from registration to release: the state machine and everything that moves or counts cases."""
