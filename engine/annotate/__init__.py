"""A suggested semantic map for a picture: regions that belong together, with colours and first names."""

from engine.annotate.annotate import annotate
from engine.annotate.split import split_in_two
from engine.annotate.suggestion import Suggestion

__all__ = ["Suggestion", "annotate", "split_in_two"]
