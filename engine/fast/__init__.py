"""The default method: a voted pyramid over exact and local patch matches; see docs/method.md."""

from engine.fast.fast import paint_fast

__all__ = ["paint_fast"]
