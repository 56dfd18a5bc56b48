"""Walks the product as somebody who only follows links, and sends the filters they come upon."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from django.test import Client
from django.utils import timezone

from lambeth_plans.dashboards.as_at import PARAMETER
from tests.bare import without_contexts
from tests.environment import SOAK
from tests.html import Form, Page


@dataclass
class Visit:
    """A page as it was answered. `came_from` is the page with the link; `html` is kept for the tests to read."""

    url: str
    status: int
    came_from: str
    html: str = ""


@dataclass
class Crawl:
    """Everything that can be reached from a start. Static files and other sites are left out.

    Of a page that links to itself with this or that behind the question mark, so many `variants` are visited. Without
    `files`, what is no page is not fetched. Addresses that match `skip` are not visited.
    """

    client: Client
    with_filters: bool = True
    limit: int = 5_000
    variants: int = 5_000
    files: bool = True
    skip: re.Pattern[str] | None = None
    visits: dict[str, Visit] = field(default_factory=dict)

    def start(self, url: str = "/") -> "Crawl":
        waiting, asked = [(url, "")], Counter()
        while waiting:
            url, came_from = waiting.pop()
            path = urlsplit(url).path
            if self.skip and self.skip.fullmatch(path):
                continue
            if not self.files and path.endswith((".xlsx", ".csv", ".docx", ".ics")):
                continue
            if url in self.visits or (url != path and asked[path] >= self.variants):
                continue
            asked[path] += url != path
            assert len(self.visits) < self.limit, "the product has no end"
            visit, found = self._visit(url, came_from)
            self.visits[url] = visit
            waiting += [(link, url) for link in found if link not in self.visits]
        return self

    @property
    def paths(self) -> set[str]:
        """The addresses that were reached, without what stands behind their question marks."""
        return {urlsplit(url).path for url in self.visits}

    @property
    def broken(self) -> list[str]:
        return [
            f"{visit.status} for {url}, linked from {visit.came_from}"
            for url, visit in self.visits.items()
            if visit.status not in (200, 302)
        ]

    def _visit(self, url: str, came_from: str) -> tuple[Visit, list[str]]:
        with without_contexts():
            response = self.client.get(url)
        visit = Visit(url, response.status_code, came_from)
        if response.status_code in (301, 302):
            visit.status = 302
            return visit, [link for link in [inside(response["Location"], url)] if link]
        if response.get("Content-Type", "").startswith(("text/html", "text/csv")):
            visit.html = response.getvalue().decode()
        if not response.get("Content-Type", "").startswith("text/html"):
            return visit, []
        page = Page(visit.html, urlsplit(url).path)
        found = [link for each in page.links if (link := inside(each, url))]
        if self.with_filters and "?" not in url:
            found += [choice for form in page.forms if form.method == "get" for choice in choices(form)]
        return visit, found


def inside(link: str, page: str) -> str:
    """The address of a link within the product, without its fragment; empty for any other.

    Django's admin links every order of every column to every other: of those only the pages themselves are walked.
    """
    parts = urlsplit(link)
    if parts.scheme not in ("", "http", "https") or parts.netloc not in ("", "testserver"):
        return ""
    path = parts.path or urlsplit(page).path
    if path.startswith("/static/") or (path.startswith("/admin/") and parts.query):
        return ""
    return f"{path}?{parts.query}" if parts.query else path


def choices(form: Form) -> Iterator[str]:
    """Each option of each filter by itself, some words, and what is no option at all."""
    for control in form.fields:
        if control.name == PARAMETER:  # what is no day is refused, which is another test's, and every page takes one
            values = [timezone.localdate()] if SOAK else []
        elif control.kind in ("select", "radio", "checkbox", "option"):
            values = [*control.options, "no-such-option"]
        else:
            values = ["ka1", "1 \x00", "9" * 30, "-1", "' OR 1=1 --"]
        for value in values:
            yield f"{form.action}?{urlencode({control.name: value})}"
