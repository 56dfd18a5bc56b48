"""What is looked for on every page: axe's violations, sideways scrolling, and whatever the browser complains of."""

from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import BrowserContext, Page

from tests.browser import DESKTOP, PHONE

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: By far the longest to look at, so it is asked only of texts of a kind that was not yet seen in this window's width.
COLOURS, LOOKED_AT = "color-contrast", "data-colours-looked-at"
CONFIGURE = f"axe.configure({{rules: [{{id: '{COLOURS}', selector: '[{LOOKED_AT}]'}}]}})"
#: axe leaves the rules of WCAG 2.2 out unless they are named.
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
#: Only the violations leave the page, each as a sentence: the whole report is large.
RUN = """async options => (await axe.run(document, options)).violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id} (${rule.help}) on ${node.target.join(' ')}`))"""
#: A text's kind is what a style sheet can see of it and of all that it stands in. Marks the first text of each kind
#: that is not known, and answers with these kinds.
MARK_KINDS = f"""known => {{
  const seen = new Set(known), paths = new Map(), found = []
  const styled = ['class', 'style', 'type', 'open', 'disabled', 'checked', 'aria-current', 'aria-expanded', 'fill']
  const path = element => {{
    if (!element) return ''
    if (!paths.has(element)) {{
      const own = styled.map(name => element.getAttribute(name))
      paths.set(element, `${{path(element.parentElement)}}/${{element.tagName}} ${{own.join('|')}}`)
    }}
    return paths.get(element)
  }}
  for (const element of document.body.querySelectorAll('*')) {{
    element.removeAttribute('{LOOKED_AT}')
    const hasText = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
    if (!hasText && !element.matches('input, textarea') || !element.checkVisibility()) continue
    const kind = path(element)
    if (seen.has(kind)) continue
    seen.add(kind)
    found.push(kind)
    element.setAttribute('{LOOKED_AT}', '')
  }}
  return found
}}"""
VIEWPORTS = (DESKTOP, PHONE)
#: 320 px is what 1280 px come to at 400 % zoom (WCAG 1.4.10).
NARROW = (PHONE, {"width": 320, "height": 640})

#: The elements that reach beyond the window, but not those that scroll within an element of their own.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return null
  const reaching = [...document.body.querySelectorAll('*')].filter(
    element => element.getBoundingClientRect().right > width + 1)
  const name = element => [element.tagName.toLowerCase(), ...element.classList].join('.')
  return [document.documentElement.scrollWidth, reaching.slice(0, 3).map(name).join(', ')]
}"""
#: The browser tells of what the content security policy refused in the console as well; this names the directive.
REPORT_REFUSALS = """document.addEventListener('securitypolicyviolation', event =>
  console.error(`policy refused ${event.blockedURI} (${event.effectiveDirective})`))"""


class Watch:
    """Collects what a browser complains of: errors on its console, refusals of the content security policy, scripts
    that fail, and files that are missing. Pages that answer with an error are none of its business.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        context.add_init_script(REPORT_REFUSALS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script failed: {error.error}"))
        context.on("response", self._response)

    def _console(self, message) -> None:
        # A page's own 404 is told as a failed resource too; _response sorts the files out.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"{message.location.get('url', '')}: {message.text}")

    def _response(self, response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.problems.append(f"{response.url} answered {response.status}")


def where(page: Page) -> str:
    address = urlsplit(page.url)
    return f"{address.path}{'?' if address.query else ''}{address.query}"


#: The kinds of texts whose colours were looked at and found good, by the width of the window.
good_colours: dict[int, set[str]] = {}


def violations(page: Page) -> list[str]:
    """axe's violations on the page as it is shown now, one line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE};{CONFIGURE}")
    width = page.viewport_size["width"]
    known = good_colours.setdefault(width, set())
    kinds = page.evaluate(MARK_KINDS, list(known))
    found = page.evaluate(RUN, OPTIONS)
    if not any(violation.startswith(COLOURS) for violation in found):
        known.update(kinds)
    return [f"{where(page)} at {width} px: {violation}" for violation in found]


def sideways(page: Page) -> list[str]:
    """Whether the page scrolls sideways in the window as it is now, and what makes it."""
    found = page.evaluate(TOO_WIDE)
    return [f"{where(page)}: {found[0]} px wide in {page.viewport_size['width']}: {found[1]}"] if found else []


def audit(page: Page, viewports: tuple = VIEWPORTS) -> list[str]:
    """Everything that is wrong with the page at every size; leaves the window as it found it.

    Where JavaScript is off axe cannot run; the same page is looked at where it is on.
    """
    before = page.viewport_size
    problems = []
    for viewport in viewports if page.evaluate("matchMedia('(scripting: enabled)').matches") else ():
        page.set_viewport_size(viewport)
        problems += violations(page)
    for viewport in NARROW:
        page.set_viewport_size(viewport)
        problems += sideways(page)
    page.set_viewport_size(before)
    return problems
