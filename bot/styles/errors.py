"""What can be wrong with a style."""


class StyleError(ValueError):
    """A style or a pack that is not there or not in order; one sentence says which and what to do."""
