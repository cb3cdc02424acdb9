"""Styles to paint in, and those that come with Twobit."""

from bot.styles.style import DEMO_STYLE, Label, Style, StyleError, house_style, house_styles, read_style

__all__ = ["DEMO_STYLE", "Label", "Style", "StyleError", "house_style", "house_styles", "read_style"]
