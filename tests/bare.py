"""For tests that ask for thousands of pages and read only what a browser would."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


@contextmanager
def without_contexts() -> Iterator[None]:
    """Django's test client copies the context of every template it sees; a tenth of a walk is spent on that."""
    with mock.patch("django.test.client.store_rendered_templates", _store_nothing):
        yield


def _store_nothing(store, signal, sender, template, context, **kwargs) -> None:
    """In the place of the copying; a Mock would take longer to make than it saves on a small page."""
