"""Everything people touch: the desk and its fronts. Knows worker.contract; never torch, the engine or the worker."""
