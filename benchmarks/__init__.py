"""Speed and quality, one command each."""

import engine  # noqa: F401 - before torch, as the worker does
