"""Rules for templates."""

import re

from tests.consistency.rules import Finding, Rule, Source, is_template

TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}")
COMMENT = re.compile(r"{#.*?#}|{% comment .*?%}.*?{% endcomment %}|{% comment %}.*?{% endcomment %}", re.DOTALL)

# What every template has without being handed it.
GIVEN = {"forloop", "request", "csrf_token", "perms", "user", "block", "messages", "True", "False", "None"}
KEYWORDS = {"and", "or", "not", "in", "is", "if", "elif", "as", "with", "only", "by", "count", "plural"}


def each_match(source: Source, pattern: str, what: str) -> list[Finding]:
    found = re.finditer(pattern, source.text, re.IGNORECASE | re.DOTALL)
    return [(source.text.count("\n", 0, match.start()) + 1, what) for match in found]


def inline_code(source: Source) -> list[Finding]:
    return [
        *each_match(source, r"<style\b", "a style element is against the content security policy"),
        *each_match(source, r"\sstyle\s*=", "a style attribute is against the content security policy"),
        *each_match(source, r"\son[a-z]+\s*=\s*[\"']", "an on… attribute is against the content security policy"),
        *each_match(source, r"javascript:", "a javascript: address is against the content security policy"),
        *each_match(source, r"<script\b(?![^>]*\ssrc=)", "a script comes from a file"),
    ]


def unsafe_output(source: Source) -> list[Finding]:
    return [
        *each_match(source, r"\|\s*safe(seq)?\b", "safe opens a door for scripts"),
        *each_match(source, r"{%\s*autoescape\s+off", "autoescape off opens a door for scripts"),
    ]


def colours(source: Source) -> list[Finding]:
    text = COMMENT.sub(lambda match: re.sub(r"\S", " ", match[0]), source.text)
    blanked = Source(source.path, text)
    return [
        *each_match(
            blanked, r"[\"'](red|amber|green)[\"']", "a rating is spelled here; take it from the rating itself"
        ),
        *each_match(blanked, r"--(red|amber|green)\b", "a colour is spelled here; take it from rag.colour"),
        *each_match(
            blanked, r"\b(fill|stroke|color)\s*=\s*[\"']#?\w", "a colour is spelled here; give the shape a class"
        ),
    ]


def long_comments(source: Source) -> list[Finding]:
    """Django prints a {# … #} that spans lines instead of leaving it out."""
    text = re.sub(r"{#[^\n]*?#}", "", source.text)
    return [
        (number, "a {# comment #} must close on its line; use {% comment %} for a longer one")
        for number, line in enumerate(text.splitlines(), 1)
        if "{#" in line
    ]


def open_includes(source: Source) -> list[Finding]:
    return [
        (source.text.count("\n", 0, match.start()) + 1, "a component gets what it is handed and no more: end with only")
        for match in re.finditer(r'{% include "components/[^%]*%}', source.text)
        if not match[0].endswith(" only %}")
    ]


def expressions(text: str) -> list[str]:
    """The names a template reads from its context, filters' arguments and texts left out."""
    found = []
    for tag in TAG.findall(text):
        body = tag[2:-2].strip()
        if tag.startswith("{#"):
            continue
        if tag.startswith("{%"):
            word, _, body = body.partition(" ")
            if word not in {"if", "elif", "for", "include", "with", "firstof", "ifchanged", "widthratio"}:
                continue
            if word == "for":
                body = body.partition(" in ")[2]
            if word in {"include", "with"}:
                body = " ".join(re.findall(r"=(\S+)", body))
        body = re.sub(r"\"[^\"]*\"|'[^']*'", " ", body)
        found += re.findall(r"(?<![\w.:|=])([A-Za-z_]\w*)", re.sub(r"\|\w+", " ", body))
    return found


def undocumented_parameters(source: Source) -> list[Finding]:
    opening = COMMENT.match(source.text)
    if not opening:
        return [(1, "a component starts with a comment that names its parameters")]
    rest = source.text[opening.end() :]
    bound = set(re.findall(r"(\w+)=", " ".join(re.findall(r"{% with .*?%}", rest))))
    bound |= {name for names in re.findall(r"{% for (.+?) in ", rest) for name in re.split(r"[,\s]+", names)}
    bound |= set(re.findall(r" as (\w+) *%}", rest))
    named = set(re.findall(r"\w+", opening[0]))
    missing = sorted(set(expressions(rest)) - bound - named - GIVEN - KEYWORDS)
    return [(1, f"the comment at the head does not name {', '.join(missing)}")] if missing else []


RULES = (
    Rule(
        "no template carries styles or scripts",
        is_template,
        inline_code,
        bad=(
            Source("templates/a.html", '<p style="margin: 0">'),
            Source("templates/a.html", "<style>p {}</style>"),
            Source("templates/a.html", '<button onclick="go()">'),
            Source("templates/a.html", "<script>go()</script>"),
            Source("templates/a.html", '<a href="javascript:go()">'),
        ),
        good=(Source("templates/a.html", '<script src="{% static "app.js" %}" type="module"></script>'),),
    ),
    Rule(
        "every output is escaped",
        lambda path: is_template(path) and not path.endswith(".txt"),
        unsafe_output,
        bad=(Source("templates/a.html", "{{ text|safe }}"), Source("templates/a.html", "{% autoescape off %}")),
        good=(Source("templates/a.html", "{{ text|linebreaks }} is safe"),),
    ),
    Rule(
        "no template spells a rating or its colour",
        is_template,
        colours,
        bad=(
            Source("templates/a.html", '{% if rag == "amber" %}'),
            Source("templates/a.html", '<strong class="govuk-tag govuk-tag--red">'),
            Source("templates/a.svg", '<rect fill="#d4351c"/>'),
        ),
        good=(
            Source(
                "templates/a.html", '{# "amber" #}<span class="app-rag--{{ rag.colour }}">Needed when Amber.</span>'
            ),
            Source("templates/a.svg", '<rect class="app-bar"/>'),
        ),
    ),
    Rule(
        "a short comment closes on its line",
        is_template,
        long_comments,
        bad=(Source("templates/a.html", "{# one\n   two #}"),),
        good=(Source("templates/a.html", "{# one #}\n{# two #}\n{% comment %}\nthree\n{% endcomment %}"),),
    ),
    Rule(
        "a component gets only what it is handed",
        is_template,
        open_includes,
        bad=(Source("templates/a.html", '{% include "components/rag.html" with rag=row.rag %}'),),
        good=(Source("templates/a.html", '{% include "components/rag.html" with rag=row.rag only %}'),),
    ),
    Rule(
        "a component names its parameters",
        lambda path: path.startswith("templates/components/") and path.endswith((".html", ".svg")),
        undocumented_parameters,
        bad=(
            Source("templates/components/a.html", "<p>{{ text }}</p>"),
            Source("templates/components/a.html", "{# A line. text: words #}\n<p>{{ text }} {{ note }}</p>"),
            Source(
                "templates/components/a.html", "{# rows: list #}\n{% for row in rows %}{{ row }}{{ total }}{% endfor %}"
            ),
        ),
        good=(
            Source(
                "templates/components/a.html",
                "{% comment %} rows: list; unit: text {% endcomment %}\n"
                "{% for row in rows %}{% if row.ok and forloop.first %}"
                '{{ row.name|default:"none" }} {{ unit }}{% endif %}{% endfor %}',
            ),
        ),
    ),
)
