"""What the choices of a painting are called on pages."""

METHODS = {
    "fast": "patches of the style, fitted together",
    "paper": "the paper's own algorithm, patch by patch",
    "gram": "the style's textures (Gram matrices)",
    "mrf": "patches of the style, whatever they show",
    "colour": "the style's colours alone",
}
QUALITIES = {"draft": "draft, the quick one", "fast": "fast, the usual one", "best": "best, the slow one"}
