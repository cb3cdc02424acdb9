"""The paper's own algorithm: Champandard 2016; with gamma 0 that of Li & Wand 2016, and Gatys' Gram matrices."""

from engine.paper.paint import paint_paper

__all__ = ["paint_paper"]
