"""Paints the house styles: pictures with exact semantic maps, made from noise, shapes and brush strokes alone."""
