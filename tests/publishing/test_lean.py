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


def test_pages_are_counted_and_templates_left_alone(tmp_path):
    from quakebook.publishing.lean import make_lean

    script = '<script src="_static/vendor/widgets/embed.js"></script>'
    for name in ("a.html", "sub/b.html", "_static/c.html", "sub/_static/d.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(script)
    (tmp_path / "plain.html").write_text("<p>x</p>")
    assert make_lean(tmp_path) == 2 and make_lean(tmp_path) == 0
    assert "<script defer " in (tmp_path / "sub/b.html").read_text()
    assert (tmp_path / "_static/c.html").read_text() == (tmp_path / "sub/_static/d.html").read_text() == script


def test_pictures_with_a_second_layout_offer_it(tmp_path):
    from quakebook.publishing.lean import second_layouts

    name = "0" * 64 + ".png"
    page = f'<img alt="x" src="../_images/{name}" class="y">'
    assert second_layouts(page, tmp_path) == page
    (tmp_path / "_static/second").mkdir(parents=True)
    (tmp_path / "_static/second" / name).touch()
    offered = second_layouts(page, tmp_path)
    source = f'<source media="(max-width: 720px)" srcset="../_static/second/{name}">'
    assert offered == f"<picture>{source}{page}</picture>"
    assert second_layouts(offered, tmp_path) == offered
