"""Look through the built pages: nothing is loaded from elsewhere, every local file named exists, all Markdown is set.

    python -m quakebook.publishing.checkhtml _build/html
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Elements that make a browser load their target at once, with the attribute that holds it.
LOADING = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"),
           ("source", "srcset"), ("video", "src"), ("audio", "src"), ("embed", "src"), ("object", "data"),
           ("input", "src")}
HARMLESS_LINKS = {"canonical", "prev", "next", "author", "search", "index"}
#: Markdown that nobody has set: the rule under the head of a table, a fence, a role. Dashes may have been joined.
UNSET = re.compile(r"\|\s*:?[-\u2013\u2014]{2,}|```|:::|\{(?:numref|ref|cite[:\w]*|doc|eq|term)\}`")
#: Elements whose text is shown as it stands, or not at all.
VERBATIM = {"pre", "code", "script", "style"}


class _Targets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, bool]] = []
        self.ids: set[str] = set()
        self.traceback = False
        self.verbatim = 0
        self.unset: list[str] = []

    def handle_endtag(self, tag: str) -> None:
        self.verbatim = max(0, self.verbatim - (tag in VERBATIM))  # browsers pass over an end without a beginning

    def handle_data(self, data: str) -> None:
        if not self.verbatim and (found := UNSET.search(data)):
            self.unset.append(" ".join(data[max(0, found.start() - 40):found.end() + 20].split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.verbatim += tag in VERBATIM
        self._note(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids |= {v for k in ("id", "name") if (v := values.get(k))}
        if "traceback" in (values.get("class") or "").split():
            self.traceback = True
        for name in ("src", "srcset", "href", "data"):
            value = values.get(name)
            if not value or (name == "data" and tag != "object"):
                continue
            loads = (tag, name) in LOADING and not (
                tag == "link" and set((values.get("rel") or "").split()) & HARMLESS_LINKS)
            self.found.append((tag, value, loads))


def check(html: Path, *, offline: bool = True) -> list[str]:
    """Faults of a built book, one line each.

    Parameters
    ----------
    html : Path
        Folder with ``index.html``.
    offline : bool
        False allows scripts from elsewhere (a build without vendored scripts).
    """
    pages = [p for p in sorted(html.rglob("*.html")) if "_static" not in p.relative_to(html).parts]
    if not pages:
        return [f"{html}: no pages"]
    read = {page: _read(page) for page in pages}
    return [f"{page.relative_to(html)}: {fault}" for page in pages for fault in _faults(page, read, html, offline)]


def _read(page: Path) -> _Targets:
    parser = _Targets()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def _faults(page: Path, read: dict[Path, _Targets], html: Path, offline: bool) -> Iterator[str]:
    if read[page].traceback:
        yield "shows the traceback of a failed cell"
    for text in read[page].unset:
        yield f"shows Markdown as text: {text}"
    for tag, value, loads in read[page].found:
        parts = urlsplit(value)
        if parts.scheme in ("data", "mailto", "javascript"):
            continue
        if parts.scheme or parts.netloc:
            if loads and offline:
                yield f"<{tag}> loads {value[:120]} from elsewhere"
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if os.path.isdir(target):  # unlike Path.is_dir, no error for a name that is too long
            target = target / "index.html"
        if not os.path.isfile(target):
            yield f"<{tag}> names {value[:120]}, which does not exist"
        elif not target.is_relative_to(html.resolve()):
            yield f"<{tag}> names {value[:120]}, which lies outside the book"
        elif parts.fragment and target in read and unquote(parts.fragment) not in read[target].ids:
            yield f"<{tag}> points to {value[:120]}, but there is no such place on that page"


def main(argv: list[str] | None = None) -> int:
    """Print the faults; exit status 1 when there are any."""
    words = sys.argv[1:] if argv is None else argv
    html = Path(words[0] if words else "_build/html").resolve()
    faults = check(html, offline="--cdn" not in words)
    print(*faults or [f"{html}: pages are complete"], sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
