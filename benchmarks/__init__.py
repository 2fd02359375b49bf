"""Figures measured on this machine; `python -m benchmarks` runs them all."""
