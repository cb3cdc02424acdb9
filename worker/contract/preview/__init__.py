"""Method `colour`: an instant preview by moving colours label by label, numpy alone, no network and no torch.

The simpler alternative that the paper names beside patches (Yang et al.): it shows which
colours and what grain of the style go where; pieces don't meet at their edges and no brush follows a form. Fronts make
it at once; a worker and `twobit paint` know it as `--method colour`.
"""

from worker.contract.preview.preview import METHOD, paint_preview, preview_png

__all__ = ["METHOD", "paint_preview", "preview_png"]
