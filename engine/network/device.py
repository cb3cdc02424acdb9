"""Which device paints."""

import torch

from engine.errors import ResourceError


def pick_device(name: str) -> torch.device:
    """The device for "auto", "cpu" or "cuda"; auto is CUDA where a tensor can really be put there.

    Raises ResourceError where CUDA is asked for and not to be had.
    """
    if name == "cpu":
        return torch.device("cpu")
    if torch.cuda.is_available():
        try:
            torch.zeros(1, device="cuda")
        except RuntimeError as error:  # a driver too old, a device taken by another process
            if name == "cuda":
                raise ResourceError(f"the CUDA device refuses work ({error}): choose device cpu") from error
        else:
            return torch.device("cuda")
    elif name == "cuda":
        raise ResourceError("no CUDA device is usable here: choose device cpu or auto")
    return torch.device("cpu")
