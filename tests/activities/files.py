"""Small files of every kind that is taken as evidence, and the parts to make bad ones of."""

import io
import zipfile

from PIL import Image

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATION = '<Relationships><Relationship Id="r1" Type="http://x/relationships/{kind}" Target="{target}" {mode}/></Relationships>'  # noqa: E501


def packed(parts: dict[str, bytes | str], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def word(**further: bytes | str) -> bytes:
    """A package as Word writes it; further parts by their path, with `__` for a slash and `_dot_` for a dot."""
    parts = {name.replace("__", "/").replace("_dot_", "."): content for name, content in further.items()}
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": "<document/>", **parts})


def excel(**further: bytes | str) -> bytes:
    parts = {name.replace("__", "/").replace("_dot_", "."): content for name, content in further.items()}
    return packed({"[Content_Types].xml": TYPES, "xl/workbook.xml": "<workbook/>", **parts})


def relation(kind: str, target: str = "https://elsewhere.example/a", *, is_external: bool = True) -> str:
    return RELATION.format(kind=kind, target=target, mode='TargetMode="External"' if is_external else "")


def picture(kind: str, size: tuple[int, int] = (4, 3)) -> bytes:
    out = io.BytesIO()
    Image.new("1", size).convert("RGB" if kind == "JPEG" else "1").save(out, kind)
    return out.getvalue()


def pdf(middle: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n" + middle + b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"


GOOD = {
    "report.pdf": pdf(),
    "Minutes of May.docx": word(),
    "figures.XLSX": excel(),
    "hub.png": picture("PNG"),
    "hub.jpg": picture("JPEG"),
    "hub.jpeg": picture("JPEG"),
    "answers.csv": "Question,Answer\r\nWould you come again?,-3\r\n“Yes”,£4.50\r\n".encode("cp1252"),
    "notes.txt": "- What families say.\n= a heading\n".encode("utf-16"),
}
