"""What somebody typed into a form that could not be saved, to be given back to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

_SECRET = re.compile(r"password|csrf|token", re.IGNORECASE)
#: What the product put into the form itself, and says nothing to a person.
_MACHINERY = re.compile(r"(^|-)(version|next|TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS)$")


@dataclass(frozen=True)
class TypedText:
    """A field by its name in words, and what stood in it."""

    label: str
    text: str

    @property
    def rows(self) -> int:
        """How high the box must be to show the text, in lines."""
        return min(12, sum(1 + len(line) // 70 for line in self.text.splitlines()) or 1)


def typed_texts(post: QueryDict) -> list[TypedText]:
    """Every filled field of a posted form in its order; never a password or a token."""
    return list(_texts(post))


def _texts(post: QueryDict) -> Iterable[TypedText]:
    for name, values in post.lists():
        text = ", ".join(values).strip()
        if text and not _SECRET.search(name) and not _MACHINERY.search(name):
            words = name.removeprefix("row-").replace("_", " ").replace("-", " ")
            yield TypedText(words[:1].upper() + words[1:], text)
