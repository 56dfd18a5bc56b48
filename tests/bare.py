"""For tests that ask for thousands of pages and read only what a browser would."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from unittest import mock

from django.test.utils import ContextList


@contextmanager
def without_contexts() -> Iterator[None]:
    """Django's test client copies the context of every template it sees; a tenth of a walk is spent on that."""
    with mock.patch("django.test.client.store_rendered_templates", _store_nothing):
        yield


def store_the_first(store, signal, sender, template, context, **kwargs) -> None:
    """What the page was rendered with. Django's own also copies what each of its hundred parts was rendered with."""
    store.setdefault("templates", []).append(template)
    if "context" not in store:
        store["context"] = ContextList([copy(context)])


def _store_nothing(store, signal, sender, template, context, **kwargs) -> None:
    """In the place of the copying; a Mock would take longer to make than it saves on a small page."""
