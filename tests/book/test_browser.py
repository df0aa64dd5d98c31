"""The pages in a real browser without a network: nothing fetched from elsewhere, no error, maths set, pictures move.

The small book of the tests, or the one in ``$QUAKEBOOK_BUILT``; at the width of a desktop and of a phone.
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
VISIBLE_FRAME = """() => [...document.querySelectorAll("img.quakebook-frame, .quakebook-frame img")]
  .filter((e) => e.offsetParent !== null).map((e) => e.src).join(" ")"""

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

    def __init__(self, browser, site, name, size):
        self.faults = []
        self.context = browser.new_context(viewport=SIZES[size])
        self.page = self.context.new_page()
        self.page.on("request", lambda r: self._note(r.url, "asked elsewhere") if not self._own(r.url, site) else None)
        self.page.on("requestfailed", lambda r: self._note(r.url, f"failed: {r.failure}"))
        self.page.on("response", lambda r: self._note(r.url, f"status {r.status}") if r.status >= 400 else None)
        self.page.on("pageerror", lambda e: self._note(name, f"error: {e}"))
        self.page.goto(f"{site}/{name}", wait_until="load")
        if self.page.locator(".jupyter-widgets, script[type='application/vnd.jupyter.widget-view+json']").count():
            self.page.wait_for_selector(".jupyter-widgets", timeout=30_000)
        if self.page.locator(".math").count():  # typeset some time after loading, later on a busy machine
            self.until(lambda: self.page.locator("mjx-container").count())
        self.page.wait_for_timeout(700)

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
        if page.locator(".math").count() and not page.locator("mjx-container").count():
            faults.append(f"{name}: formulas are not typeset")
        if page.locator("mjx-merror").count():
            faults.append(f"{name}: a formula has an error")
        if page.locator("img:not([alt]), img[alt='']").count() and name.startswith("notebooks/"):
            bare = page.locator(".bd-article .cell_output img:not(.quakebook-frame):not([alt])").count()
            faults += [f"{name}: {bare} pictures say nothing in words"] if bare else []
        visit.context.close()
    assert faults == []


@pytest.mark.parametrize("size", SIZES)
def test_explorers_move_their_picture(browser, site, pages, size):
    moved, stuck = 0, []
    for name in (p for p in pages if p.startswith("notebooks/")):
        visit = Visit(browser, site, name, size)
        for k in range(visit.page.locator(".noUi-handle").count()):
            handle = visit.page.locator(".noUi-handle").nth(k)
            if not handle.is_visible():
                continue
            before = visit.page.evaluate(VISIBLE_FRAME)
            handle.focus()
            visit.page.keyboard.press("ArrowRight")
            visit.until(lambda page=visit.page, before=before: page.evaluate(VISIBLE_FRAME) != before, seconds=5)
            if visit.page.evaluate(VISIBLE_FRAME) != before:
                moved += 1
            else:
                stuck.append(f"{name}: slider {k + 1}")
        visit.context.close()
    assert stuck == []
    assert moved > 0, "no page has an explorer"
