"""Measures the portal: `make bench SCALE=1`. The method is told in docs/bench.md."""
