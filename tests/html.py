"""What a test reads of a page: its links and its forms with everything filled in, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Field:
    """One control. `value` is what a browser would send now; None where it sends nothing (an unticked box)."""

    name: str
    kind: str
    value: str | None
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """`action` is the address it is sent to, from the root of the site."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def as_it_stands(self) -> dict[str, list[str]]:
        """What pressing its button sends, for a test client: files and the token are left out."""
        data: dict[str, list[str]] = {}
        for each in self.fields:
            if each.name not in ("", "csrfmiddlewaretoken") and each.value is not None and each.kind != "file":
                data.setdefault(each.name, []).append(each.value)
        return data

    def names(self) -> set[str]:
        return {each.name for each in self.fields}


class Page(HTMLParser):
    """The links and forms of a page, and its visible text. `address` is where it stands."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._select: Field | None = None
        self._textarea: Field | None = None
        self.feed(html)
        self.close()

    @classmethod
    def of(cls, response) -> "Page":
        return cls(response.content.decode(), response.request["PATH_INFO"])

    def form_to(self, action: str) -> Form | None:
        """The form that is posted to an address; to the page's own, if it is the page's."""
        return next((form for form in self.forms if form.method == "post" and form.action == action), None)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form":
            method = given.get("method", "get").lower()
            self._form = Form(urljoin(self.address, given.get("action") or self.address), method)
            self.forms.append(self._form)
        elif tag == "select":
            self._select = self._add(given, "select-multiple" if "multiple" in given else "select", None)
        elif tag == "option" and self._select is not None:
            self._option(given)
        elif tag == "textarea":
            self._textarea = self._add(given, "textarea", "")
        elif tag == "input":
            self._input(given)
        elif tag == "button" and self._form is not None and given.get("name"):
            self._form.buttons.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea is not None:
            self._textarea.value = (self._textarea.value or "").removeprefix("\n")
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.value = (self._textarea.value or "") + data
        if data.strip():
            self.text.append(data.strip())

    def _add(self, given: dict[str, str], kind: str, value: str | None) -> Field | None:
        if self._form is None:
            return None
        control = Field(given.get("name", ""), kind, value)
        self._form.fields.append(control)
        return control

    def _option(self, given: dict[str, str]) -> None:
        value = given.get("value", "")
        self._select.options.append(value)
        if self._select.kind == "select-multiple":
            if "selected" in given:  # one control for each, as several boxes of one name are
                self._add({"name": self._select.name}, "option", value)
        elif "selected" in given or self._select.value is None:
            self._select.value = value

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "image", "reset"):
            return
        value: str | None = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        control = self._add(given, kind, value if kind not in ("checkbox", "radio") or "checked" in given else None)
        if control is not None:
            control.options.append(value or "")
