"""Take out of the built pages what delays their first paint or misleads a screen reader; phones get their pictures.

The theme loads its icons twice, as a font with a style sheet and as a script of 1.5 MB; the font is enough. A page with
a widget loads the widget script after its text. The bibliography calls itself a list of entries, which its links back
to the pages are not. A picture with a second layout offers it to narrow screens. Pages that are lean already are not
written again.
"""

from __future__ import annotations

import re
from pathlib import Path

from .static_explorers import NARROW

ICONS = re.compile(r'\s*<script[^>]*src="[^"]*fontawesome[^"]*\.js[^"]*"[^>]*></script>')
ICON_PRELOAD = re.compile(r'\s*<link[^>]*rel="preload"[^>]*as="script"[^>]*fontawesome[^>]*/?>')
WIDGETS = re.compile(r'<script(?![^>]*\bdefer\b)([^>]*src="[^"]*vendor/widgets/embed\.js[^"]*")')
ROLES = re.compile(r'(<div[^>]*?) role="(?:list|doc-biblioentry)"([^>]*class="citation(?:-list)?"[^>]*>)'
                   r'|(<div[^>]*class="citation(?:-list)?"[^>]*?) role="(?:list|doc-biblioentry)"')

PICTURE = re.compile(r'(?<!second/[0-9a-f]{64}\.png">)<img[^>]*?\bsrc="((?:\.\./)*)_images/([0-9a-f]{64}\.png)"[^>]*>')


def make_lean(html: Path) -> int:
    """Rewrite pages below `html`; returns how many had to be."""
    count = 0
    for path in sorted(html.rglob("*.html")):
        if "_static" in path.relative_to(html).parts:
            continue
        text = path.read_text(encoding="utf-8")
        lean = second_layouts(lean_page(text), html)
        if lean != text:
            path.write_text(lean, encoding="utf-8")
            count += 1
    return count


def lean_page(text: str) -> str:
    """One page without the icon script, with the widget script deferred and a plain bibliography."""
    text = ROLES.sub(lambda m: f"{m[1]}{m[2]}" if m[1] else m[3], text)
    return WIDGETS.sub(r"<script defer\1", ICON_PRELOAD.sub("", ICONS.sub("", text)))


def second_layouts(text: str, html: Path) -> str:
    """A page whose pictures offer their second layout, where there is one, to narrow screens."""
    def offered(match: re.Match) -> str:
        image, root, name = match[0], match[1], match[2]
        if not (html / "_static/second" / name).is_file():
            return image
        return f'<picture><source media="{NARROW}" srcset="{root}_static/second/{name}">{image}</picture>'

    return PICTURE.sub(offered, text)
