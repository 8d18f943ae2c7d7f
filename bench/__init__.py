"""Benchmarks and the tools they need: made-up catalogues, a bulk seeder, peers beside ours."""
