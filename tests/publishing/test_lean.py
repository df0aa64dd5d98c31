"""Pages without the icon script, with the widget script deferred; nothing else changes."""

from quakebook.publishing.lean import lean_page, make_lean

PAGE = """<head><link rel="stylesheet" href="_static/vendor/fontawesome/6.5.2/css/all.min.css">
  <script src="_static/vendor/fontawesome/6.5.2/js/all.min.js?digest=1"></script>
<script src="_static/vendor/widgets/embed.js?v=1"></script>
<script src="_static/doctools.js"></script></head>
<div role="list" class="citation-list"><div class="citation" id="id1" role="doc-biblioentry"></div></div>
<div role="list" class="other"></div>
"""


def test_what_goes_and_what_stays():
    lean = lean_page(PAGE)
    assert "all.min.js" not in lean
    assert "all.min.css" in lean
    assert '<script defer src="_static/vendor/widgets/embed.js?v=1">' in lean
    assert '<script src="_static/doctools.js">' in lean
    assert '<div class="citation-list"><div class="citation" id="id1"></div></div>' in lean
    assert '<div role="list" class="other">' in lean


def test_a_lean_page_is_not_written_again(tmp_path):
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/theme.html").write_text(PAGE)
    assert make_lean(tmp_path) == 1
    assert make_lean(tmp_path) == 0
    assert (tmp_path / "_static/theme.html").read_text() == PAGE
