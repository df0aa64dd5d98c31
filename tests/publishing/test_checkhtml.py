"""The page check: every kind of fault that Sphinx does not see is found, and sound pages are left in peace."""

import pytest

from quakebook.publishing.checkhtml import check, main

PAGE = """<html><head><link rel="stylesheet" href="style.css?v=1"><link rel="canonical" href="https://a.example/x">
<script src="a%20b.js"></script></head><body><h1 id="top">x</h1><a href="sub/">sub</a> <a href="#top">top</a>
<a href="https://a.example">elsewhere</a> <a href="sub/index.html#there">there</a> <img src="data:image/png;base64,xx">
{extra}</body></html>"""


@pytest.fixture
def html(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "style.css").write_text("")
    (tmp_path / "a b.js").write_text("")
    (tmp_path / "sub/index.html").write_text('<p id="there"><a href="../index.html">up</a></p>')
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/template.html").write_text('<img src="nowhere.png">')
    (tmp_path / "index.html").write_text(PAGE.format(extra=""))
    return tmp_path


def test_sound_pages(html, capsys):
    assert check(html) == []
    assert main([str(html)]) == 0


@pytest.mark.parametrize(("extra", "fault"), [
    ('<script src="https://cdn.example/x.js"></script>', "<script> loads https://cdn.example/x.js from elsewhere"),
    ('<script src="//cdn.example/x.js"></script>', "loads //cdn.example/x.js"),
    ('<img src="http://a.example/x.png">', "<img> loads"),
    ('<iframe src="https://a.example"></iframe>', "<iframe> loads"),
    ('<link rel="stylesheet" href="https://a.example/x.css">', "<link> loads"),
    ('<img src="gone.png">', "<img> names gone.png, which does not exist"),
    ('<script src="vendor/mathjax.js"></script>', "<script> names vendor/mathjax.js, which does not exist"),
    ('<a href="gone.html">x</a>', "<a> names gone.html"),
    ('<a href="sub/#nowhere">x</a>', "there is no such place"),
    ('<a href="/etc/passwd">x</a>', "lies outside the book"),
    ('<div class="output traceback highlight"></div>', "traceback of a failed cell"),
    ("<p>| step | result |\n|:-----|------:|\n| a | 1 |</p>", "shows Markdown as text: | step | result | |:-----"),
    ("<p>| step | |:\u2014\u2014\u2013| a |</p>", "shows Markdown as text"),
    ("<p>see {numref}`fig-x`</p>", "shows Markdown as text: see {numref}`fig-x`"),
    ("<p>```{table} One</p>", "shows Markdown as text"),
    ("</code><p>```{table} One</p>", "shows Markdown as text"),
])
def test_faults(html, extra, fault, capsys):
    (html / "index.html").write_text(PAGE.format(extra=extra))
    found = check(html)
    assert len(found) == 1
    assert found[0].startswith("index.html: ")
    assert fault in found[0]
    assert main([str(html)]) == 1


def test_code_may_show_markdown(html):
    code = "<pre>|---|\n```</pre> <p>a <code>{numref}`x`</code> | b | c -- d</p><script>x = '|--|'</script>"
    (html / "index.html").write_text(PAGE.format(extra=code))
    assert check(html) == []


def test_a_build_without_vendored_scripts_may_load_them(html):
    (html / "index.html").write_text(PAGE.format(extra='<script src="https://cdn.example/x.js"></script>'))
    assert check(html, offline=False) == []


def test_no_pages_is_a_fault(tmp_path):
    assert "no pages" in check(tmp_path)[0]


@pytest.mark.parametrize(("tag", "words"), [
    ('<img src="https://a.example/{}">', "<img> loads {} from elsewhere"),
    ('<img src="{}">', "<img> names {}, which does not exist"),
    ('<a href="/etc/../etc/passwd?{}">x</a>', "<a> names {}, which lies outside"),
    ('<a href="sub/#{}">x</a>', "<a> points to {}, but there is")])
def test_long_addresses_are_cut_to_120_letters(html, tag, words):
    (html / "index.html").write_text(PAGE.format(extra=tag.format("x" * 300)))
    fault, = check(html)
    whole = tag.split('"')[1].format("x" * 300)
    assert words.format(whole[:120]) in fault and whole[:121] not in fault


@pytest.mark.parametrize("extra", [
    '<a href="mailto:a@b.example">x</a>', '<a href="javascript:void(0)">x</a>', '<p data="gone.png"></p>',
    '<img src="">', '<link rel="next" href="https://a.example/2.html">', '<div class="untraceback"></div>'])
def test_what_loads_nothing(html, extra):
    (html / "index.html").write_text(PAGE.format(extra=extra))
    assert check(html) == []


@pytest.mark.parametrize(("extra", "loads"), [
    ('<object data="https://a.example/x"></object>', True), ('<source srcset="https://a.example/x">', True),
    ('<video src="https://a.example/x"></video>', True), ('<audio src="https://a.example/x"></audio>', True),
    ('<embed src="https://a.example/x">', True), ('<input src="https://a.example/x">', True),
    ('<link rel="author icon" href="https://a.example/x">', False), ('<area href="https://a.example/x">', False)])
def test_elements_that_load(html, extra, loads):
    (html / "index.html").write_text(PAGE.format(extra=extra))
    assert len(check(html)) == loads


def test_the_folder_of_the_book_when_none_is_named(html, monkeypatch, capsys):
    (html / "work").mkdir()
    monkeypatch.chdir(html / "work")
    assert main([]) == 1 and "work/_build/html: no pages" in capsys.readouterr().out
    (html / "index.html").write_text(PAGE.format(extra='<script src="https://cdn.example/x.js"></script>'))
    assert main([str(html), "--cdn"]) == 0 and "pages are complete" in capsys.readouterr().out
