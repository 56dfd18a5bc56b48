"""Rules for words: what people read, and what must not get into the repository."""

import re

from tests.consistency.rules import Finding, Rule, Source, is_code, is_template, prose_constants

# The letter in brackets keeps each pattern from finding itself here.
REGISTRIES = r"\b(pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(org|com)|yarnpk[g]\.com|debia[n]\.org)\b"
MACHINES = r"(?<![\w.~:-])/(roo[t]|wor[k]|User[s]|hom[e]/\w+)/"
WORKPLACE = r"\b(sub-?agen[t]s?|language mode[l]s?|chatbo[t]s?|Claud[e]|Ope[n]AI|the lea[d]'s brief|work tre[e])\b"

AMERICAN = {
    r"colors?": "colour",
    r"organi[z]ations?": "organisation",
    r"organi[z]e[ds]?": "organise",
    r"recogni[z]e[ds]?": "recognise",
    r"prioriti[z]e[ds]?": "prioritise",
    r"summari[z]e[ds]?": "summarise",
    r"analy[z]e[ds]?": "analyse",
    r"centers?": "centre",
    r"behaviors?": "behaviour",
    r"favorites?": "favourite",
    r"neighbors?|neighborhoods?": "neighbour",
    r"cancele[d]": "cancelled",
    r"fulfill": "fulfil",
    r"successfull[y]": "nothing: say what happened",
}
AMERICAN_WORD = re.compile(rf"\b({'|'.join(AMERICAN)})\b", re.IGNORECASE)


def british(word: str) -> str:
    return next(better for pattern, better in AMERICAN.items() if re.fullmatch(pattern, word, re.IGNORECASE))


def visible_text(template: str) -> str:
    """What a person reads of a template: no comments, tags, attributes or variables; line breaks are kept."""
    blank = r"{% comment.*?{% endcomment %}|{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<[^>]*>"
    return re.sub(blank, lambda match: "\n" * match[0].count("\n") or " ", template, flags=re.DOTALL)


def american_templates(source: Source) -> list[Finding]:
    return [
        (number, f"{match[0]!r} reads {british(match[0])}")
        for number, line in enumerate(visible_text(source.text).splitlines(), 1)
        for match in AMERICAN_WORD.finditer(line)
    ]


def american_code(source: Source) -> list[Finding]:
    """Only texts of several words: one word alone may be a name of Django's or of HTML's."""
    return [
        (constant.lineno, f"{match[0]!r} reads {british(match[0])}")
        for constant in prose_constants(source)
        if " " in constant.value.strip()
        for match in AMERICAN_WORD.finditer(constant.value)
    ]


def foreign_places(source: Source) -> list[Finding]:
    return [
        (number, f"{match[0]!r} is a place outside this project")
        for number, line in enumerate(source.lines, 1)
        for pattern in (REGISTRIES, MACHINES, WORKPLACE)
        for match in re.finditer(pattern, line)
    ]


def unexplained_dependencies(source: Source) -> list[Finding]:
    found = []
    inside = False
    for number, line in enumerate(source.lines, 1):
        if re.match(r"(dependencies|test|check) = \[", line):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and re.match(r'\s*"', line) and not re.search(r"# .+ .+", line):
            found.append((number, f"{line.strip()} does not say why it is needed"))
    return found


RULES = (
    Rule(
        "templates are written in British English",
        is_template,
        american_templates,
        bad=(
            Source("templates/a.html", "<p>The color of the center</p>"),
            Source("templates/a.html", "Saved successfully."),
        ),
        good=(Source("templates/a.html", '{# color #}<p class="center" data-color="a">The colour</p>'),),
    ),
    Rule(
        "messages are written in British English",
        is_code,
        american_code,
        bad=(Source("kpis/a.py", "message = 'The import was canceled.'"),),
        good=(Source("kpis/a.py", "attributes = {'color': 'a'}"),),
    ),
    Rule(
        "no registry, machine or workplace is mentioned",
        lambda path: True,
        foreign_places,
        bad=(
            Source("README.md", "from https://pyp" + "i.org/simple"),
            Source("package-lock.json", '"resolved": "https://registry.npmj' + 's.org/a"'),
            Source("docs/a.md", "cd /wor" + "k/main"),
            Source("docs/a.md", "cd /hom" + "e/anna/plans"),
        ),
        good=(Source("docs/a.md", "/srv/lambeth-plans/ and var/work/ and https://design-system.service.gov.uk/"),),
    ),
    Rule(
        "every dependency says why it is there",
        "pyproject.toml".__eq__,
        unexplained_dependencies,
        bad=(Source("pyproject.toml", 'dependencies = [\n    "django~=5.2.0",\n]'),),
        good=(Source("pyproject.toml", 'dependencies = [\n    "django~=5.2.0",  # the framework\n]'),),
    ),
)
