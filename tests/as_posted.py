"""What a browser would post of a page, from the forms it was rendered with."""


def table(response):
    """What a browser would post of a table, untouched."""
    fields = {}
    for row in response.context["table"].rows:
        for name in row.fields:
            field = row[name]
            value = field.value()
            if value not in (None, "", []):
                fields[field.html_name] = value if name in ("version", "kind") else field.field.prepare_value(value)
    return fields


def form(response):
    """What a browser would post of a page with one form, untouched."""
    fields = {}
    for field in response.context["form"]:
        value = field.value()
        if value is True:
            fields[field.html_name] = "on"
        elif value not in (None, "", [], False):
            fields[field.html_name] = field.field.prepare_value(value)
    return fields


def text(response):
    """The page as text."""
    return response.content.decode()
