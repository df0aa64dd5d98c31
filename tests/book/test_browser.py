"""The pages in a real browser without a network: nothing fetched from elsewhere, no error, maths set, pictures move.

The small book of the tests, or the one in ``$QUAKEBOOK_BUILT``; at the width of a desktop and of a phone, light and
dark. axe-core, which comes with its Python package, looks for what a keyboard or a screen reader would stumble over.
"""

import functools
import http.server
import os
import shutil
import threading

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-quic",
         "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
TOO_WIDE = """() => {
  const limit = document.documentElement.clientWidth + 1;
  return document.documentElement.scrollWidth <= limit ? [] : [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > limit).slice(0, 5)
    .map((e) => `${e.tagName}.${e.className} reaches ${Math.round(e.getBoundingClientRect().right)}`);
}"""
CUT_CAPTIONS = """() => [...document.querySelectorAll("table > caption:not(.qb-hidden)")].filter((caption) => {
  const frame = caption.closest(".qb-scrolls, .pst-scrollable-table-container") || document.documentElement;
  return caption.getBoundingClientRect().right > frame.getBoundingClientRect().right + 1;
}).map((caption) => caption.innerText.slice(0, 60))"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HEAVY_MB = 3.0

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium (set $CHROMIUM or install Debian's chromium)")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(html):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(html)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser(site):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(html):
    found = sorted(p.relative_to(html).as_posix() for p in html.rglob("*.html")
                   if not {"_static", "_sources"} & set(p.relative_to(html).parts))
    assert "index.html" in found
    return found


class Visit:
    """One page opened once, with everything that went wrong."""

    def __init__(self, browser, site, name, size, scheme="light"):
        self.faults, self.bytes = [], 0
        self.context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
        self.context.add_init_script(f"for (const key of ['mode', 'theme']) localStorage.setItem(key, '{scheme}');")
        self.page = self.context.new_page()
        self.page.on("request", lambda r: self._note(r.url, "asked elsewhere") if not self._own(r.url, site) else None)
        self.page.on("requestfailed", lambda r: self._note(r.url, f"failed: {r.failure}"))
        self.page.on("response", self._answer)
        self.page.on("pageerror", lambda e: self._note(name, f"error: {e}"))
        self.page.goto(f"{site}/{name}", wait_until="load")
        if self.page.locator(".jupyter-widgets, script[type='application/vnd.jupyter.widget-view+json']").count():
            self.page.wait_for_selector(".jupyter-widgets", timeout=30_000)
        if self.page.locator(".math").count():  # typeset some time after loading, later on a busy machine
            self.until(lambda: self.page.locator("mjx-container").count())
        self.page.wait_for_timeout(700)

    def _answer(self, response):
        self.bytes += int(response.headers.get("content-length", 0))
        if response.status >= 400:
            self._note(response.url, f"status {response.status}")

    def until(self, true, seconds=30):
        """Wait until `true()` holds, for a while at most; whether it does is the test's business."""
        for _ in range(10 * seconds):
            if true():
                break
            self.page.wait_for_timeout(100)

    @staticmethod
    def _own(url, site):
        return url.startswith((site, "data:", "blob:"))

    def _note(self, where, what):
        self.faults.append(f"{where[:160]} {what}")


@pytest.mark.parametrize("size", SIZES)
def test_every_page(browser, site, pages, size):
    faults = []
    for name in pages:
        visit = Visit(browser, site, name, size)
        page = visit.page
        faults += [f"{name}: {fault}" for fault in visit.faults]
        faults += [f"{name} at {size}: {wide}" for wide in page.evaluate(TOO_WIDE)]
        faults += [f"{name} at {size}: caption cut off: {text}" for text in page.evaluate(CUT_CAPTIONS)]
        if page.locator(".math").count() and not page.locator("mjx-container").count():
            faults.append(f"{name}: formulas are not typeset")
        if page.locator("mjx-merror").count():
            faults.append(f"{name}: a formula has an error")
        if page.locator("img:not([alt]), img[alt='']").count() and name.startswith("notebooks/"):
            bare = page.locator(".bd-article .cell_output img:not(.quakebook-frame):not([alt])").count()
            faults += [f"{name}: {bare} pictures say nothing in words"] if bare else []
        visit.context.close()
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nobody_stumbles(browser, site, pages, size, scheme):
    """axe-core finds no critical or serious violation of the WCAG A and AA rules."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    faults = []
    for name in pages:
        visit = Visit(browser, site, name, size, scheme)
        answer = axe.Axe().run(visit.page, options={"runOnly": RULES}).response
        faults += [f"{name}: {v['id']} at {n['html'][:120]}" for v in answer["violations"]
                   if v["impact"] in ("critical", "serious") for n in v["nodes"][:2]]
        visit.context.close()
    assert faults == []


def test_pages_are_light_before_an_explorer_is_opened(browser, site, pages):
    heavy = []
    for name in pages:
        visit = Visit(browser, site, name, "desktop")
        if visit.bytes > HEAVY_MB * 1e6:
            heavy.append(f"{name}: {visit.bytes / 1e6:.1f} MB")
        visit.context.close()
    assert heavy == []


@pytest.mark.parametrize("size", SIZES)
def test_explorers_and_films_move_their_picture(browser, site, pages, size):
    moved, stuck = 0, []
    for name in (p for p in pages if p.startswith("notebooks/")):
        visit = Visit(browser, site, name, size)
        for figure in visit.page.locator(".qb-explorer, .qb-film").all():
            picture = figure.locator("img")
            before = picture.get_attribute("src")
            if slider := figure.locator("input[type=range]").all():
                slider[0].focus()
                visit.page.keyboard.press("ArrowRight")
            else:
                figure.locator("button").click()
            if picture.get_attribute("src") == before or not picture.evaluate("(e) => e.decode().then(() => true)"):
                stuck.append(f"{name}: {before}")
            if not slider:
                figure.locator("button").click()  # a film that moves can be stopped
                stuck += [f"{name}: {before} does not stop"] if picture.get_attribute("src") != before else []
            moved += 1
        visit.context.close()
    assert stuck == []
    assert moved > 0, "no page has an explorer"


def test_an_explorer_plays_and_stops(browser, site, pages):
    for name in (p for p in pages if p.startswith("notebooks/")):
        visit = Visit(browser, site, name, "desktop")
        if visit.page.locator(".qb-explorer").count():
            figure = visit.page.locator(".qb-explorer").first
            before = figure.locator("img").get_attribute("src")
            figure.get_by_role("button", name="play").click()
            visit.until(lambda figure=figure, before=before: figure.locator("img").get_attribute("src") != before)
            assert figure.locator("img").get_attribute("src") != before
            visit.context.close()
            return
        visit.context.close()
    pytest.fail("no page has an explorer")


def test_results_are_filtered(browser, site, pages):
    visit = Visit(browser, site, "notebooks/results.html", "phone")
    rows = visit.page.locator(".qb-list tbody tr")
    verdict = rows.first.get_attribute("data-verdict")
    visit.page.locator(".qb-filter select[name=verdict]").select_option(verdict)
    shown = [row for row in rows.all() if row.is_visible()]
    assert shown
    assert {row.get_attribute("data-verdict") for row in shown} == {verdict}
    visit.page.locator(".qb-filter input[name=words]").fill("no claim has these words")
    assert not any(row.is_visible() for row in rows.all())
    assert visit.page.locator(".qb-filter output").inner_text().startswith("0 of")
    visit.context.close()
