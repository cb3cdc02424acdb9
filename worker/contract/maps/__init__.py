"""Maps as people make them: read, repaired, brought to one palette, and told about.

A front shows `check_maps(...)`; whoever paints takes the maps from `understand(...)`. numpy and Pillow only, so that
a front and a worker understand a map in the same way.
"""

from worker.contract.maps.check import Understood, check_maps, understand
from worker.contract.maps.labels import map_colours
from worker.contract.maps.preview import draw_preview
from worker.contract.maps.reading import map_size, read_map
from worker.contract.maps.report import Finding, LegendEntry, MapReport, Size
from worker.contract.maps.semantic_map import SemanticMap

__all__ = [
    "Finding",
    "LegendEntry",
    "MapReport",
    "SemanticMap",
    "Size",
    "Understood",
    "check_maps",
    "draw_preview",
    "map_colours",
    "map_size",
    "read_map",
    "understand",
]
