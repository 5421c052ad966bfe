"""Open every page of a site and tell what ran or stands there that should not.

In Chromium where there is one: the scripts of the pages write names into them, too. Else the pages
are parsed as they are.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flows.bench_site_browser import absent, chromium
from flows.campaign_hostile import HIT

PATIENCE = 30_000  # ms for a page
SETTLE = 400  # ms for what its scripts write
HOOK = f"window.{HIT} = () => {{ window.mulgil_was_hit = (window.mulgil_was_hit || 0) + 1; }};"
FOLLOWED = (  # attributes whose value a browser follows or runs; in any other it is text
    "action|background|data|formaction|href|manifest|ping|poster|src|srcdoc|srcset|xlink:href"
)
AMISS = """() => {
  const found = [], hits = window.mulgil_was_hit || 0;
  if (hits) { found.push(`ran ${hits} times`); }
  for (const each of document.querySelectorAll('*')) {
    for (const { name, value } of each.attributes) {
      if (/^on/i.test(name)) { found.push(`${each.tagName} ${name}`); }
      if (/^(FOLLOWED)$/i.test(name) && /^\\s*javascript:/i.test(value)) {
        found.push(`${each.tagName} ${name}=javascript:`);
      }
    }
    if (/^(iframe|object|embed|base)$/i.test(each.tagName)) { found.push(each.tagName); }
  }
  return found;
}""".replace("FOLLOWED", FOLLOWED)


class Parsed(HTMLParser):
    """Finds in a page what no page of ours has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        if tag in {"iframe", "object", "embed", "base"}:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append(f"{tag} {name}")
            follows = name in FOLLOWED.split("|")
            if follows and (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}=javascript:")


def look(site: Path) -> tuple[int, list[str]]:
    """Return how many pages of a site were opened, and what is amiss in which."""
    pages = sorted(path.relative_to(site) for path in site.rglob("*.html"))
    if absent():
        texts = {page: (site / page).read_text(encoding="utf-8") for page in pages}
        return len(pages), [f"{p}: {what}" for p in pages for what in Parsed(texts[p]).found]
    with _served(site) as url, chromium() as browser:
        return len(pages), [f"{p}: {what}" for p in pages for what in _open(browser, f"{url}/{p}")]


def _open(browser: Any, url: str) -> list[str]:
    """Open a page in a browser that knows nothing yet, and return what is amiss."""
    said: list[str] = []
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.add_init_script(HOOK)
        page.on("dialog", lambda dialog: _note(dialog, said))
        page.goto(url, wait_until="load")
        page.wait_for_timeout(SETTLE)
        return [*said, *page.evaluate(AMISS)]
    finally:
        context.close()


def _note(dialog: Any, said: list[str]) -> None:
    said.append("a dialog")
    dialog.dismiss()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served(site: Path) -> Iterator[str]:
    handler = partial(_Silent, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
