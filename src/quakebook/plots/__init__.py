"""Figures in the book's style, and explorers that need no kernel."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={"explorers", "style"},
    submod_attrs={
        "style": ["PALETTE", "PHASE_COLOURS", "STYLE_SHEET", "WIDTH_INCHES", "book_style", "detached", "figure", "save",
                  "subplots"],
        "explorers": ["explorer", "film", "grid_explorer", "png"],
    },
)
