"""Styles to paint in: those that come with Twobit, and those that people add as packs."""

from bot.styles.description import Description, Label
from bot.styles.errors import StyleError
from bot.styles.pack import Pack, make_pack, pack_from_files, pack_from_folder, pack_from_zip, zip_of
from bot.styles.palette_file import palette_file
from bot.styles.sheet import Subject, blank_template, draw_sheet, label_shares
from bot.styles.shelf import Shelf
from bot.styles.style import DEMO_STYLE, Style, house_style, house_styles, read_style

__all__ = [
    "DEMO_STYLE",
    "Description",
    "Label",
    "Pack",
    "Shelf",
    "Style",
    "StyleError",
    "Subject",
    "blank_template",
    "draw_sheet",
    "house_style",
    "house_styles",
    "label_shares",
    "make_pack",
    "pack_from_files",
    "pack_from_folder",
    "pack_from_zip",
    "palette_file",
    "read_style",
    "zip_of",
]
