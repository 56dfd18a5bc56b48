"""Which files are taken as evidence: told by what they hold, never by their name or by what a browser says of them.

Knows no database and no settings. Whatever a reader's program might run is refused: macros, embedded programs,
scripts, templates that are fetched from elsewhere, formulas in a CSV. So is what cannot be looked into (a password),
what unpacks to far more than it is, and a name that promises something else. This looks for what is known to do harm;
it is no virus scanner, and nothing of a file is ever shown in a page (lambeth_plans/dashboards/evidence_files.py).
"""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from lambeth_plans.packages import Damaged, is_protected, members_of, unpacks_to_too_much

LIMIT_MEMBERS = 2_000
LIMIT_UNPACKED_BYTES = 200 * 1024 * 1024
LIMIT_PIXELS = 60_000_000
#: So much of a PDF's packed objects is looked into.
LIMIT_OBJECTS_BYTES = 40 * 1024 * 1024
LONGEST_NAME = 100


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its word, what a sentence calls one, the endings a name may have, and its name on the web."""

    key: str
    words: str
    told: str
    endings: tuple[str, ...]
    content_type: str


# fmt: off
KINDS = {
    kind.key: kind
    for kind in (
        FileKind("pdf", "PDF", "a PDF", ("pdf",), "application/pdf"),
        FileKind("docx", "Word", "a Word document", ("docx",),
                 "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        FileKind("xlsx", "Excel", "an Excel workbook", ("xlsx",),
                 "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        FileKind("png", "PNG picture", "a PNG picture", ("png",), "image/png"),
        FileKind("jpeg", "JPEG picture", "a JPEG picture", ("jpg", "jpeg"), "image/jpeg"),
        FileKind("csv", "CSV", "a table as CSV", ("csv",), "text/csv; charset=utf-8"),
        FileKind("txt", "Plain text", "plain text", ("txt",), "text/plain; charset=utf-8"),
    )
}
# fmt: on
ENDINGS = tuple(f".{ending}" for kind in KINDS.values() for ending in kind.endings)
WANTED = "PDF, Word (.docx), Excel (.xlsx), PNG, JPEG, CSV and plain text (.txt)"


class Refused(Exception):
    """The file is not taken; the text says why and what to do, in a sentence or two."""


def clean_name(name: str) -> str:
    """A file name that is safe to show and to save: no folders, no control or direction characters, none that a file
    system forbids, no dots or blanks at its ends, 100 characters at most with its ending kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join("_" if each in '<>:"|?*' else each for each in last if unicodedata.category(each)[0] != "C")
    kept = re.sub(r"\s+", " ", kept).strip(" .") or "file"
    return kept if len(kept) <= LONGEST_NAME else f"{kept[:88]}…{kept[-11:]}"


def kind_of(name: str, content: bytes) -> FileKind:
    """What a file is. Raises Refused for what is not taken, and where the name says otherwise."""
    if not content:
        raise Refused("The file is empty. Choose another one.")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = KINDS[_told_by_content(content, ending)]
    if ending not in kind.endings:
        named = f"its name ends in .{ending[:20]}" if ending else "its name has no ending"
        raise Refused(f"The file holds {kind.told}, but {named}. Name it .{kind.endings[0]}, or choose the right file.")
    _LOOK[kind.key](content)
    return kind


def _told_by_content(content: bytes, ending: str) -> str:
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"PK"):
        return _told_by_members(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "This is an old Word or Excel file, or one that is protected by a password. Save it as .docx or .xlsx "
            "without a password."
        )
    text = _text_of(content)
    start = text[:2_000].lower()
    if start.lstrip().startswith("<") or re.search(r"<(script|html|svg|iframe|object|embed|!doctype)\b", start):
        raise Refused(f"The file holds a web page or a drawing (HTML, SVG, XML), which we do not take. {_take()}")
    return ending if ending in ("csv", "txt") else "txt"


def _take() -> str:
    return f"We take {WANTED}."


def _text_of(content: bytes) -> str:
    """Raises Refused for what is no text."""
    coding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(coding)
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise Refused(f"We cannot tell what this file is. {_take()}") from error
    if re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text):
        raise Refused(f"We cannot tell what this file is. {_take()}")
    return text


# What is packed: Word and Excel

MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
#: Parts that run, or hold what runs.
RUNS = re.compile(r"vbaproject|vbadata|macrosheets/|dialogsheets/|activex/|\.(bin|exe|dll|js|vbs|hta|jar|bat|ps1)$")
#: Of a file's own parts these end in .bin and only hold settings of a printer or the like.
HARMLESS = re.compile(r"(printersettings/[^/]+|customproperty\d*|calcchain)\.bin$")
PACKED = re.compile(r"\.(zip|docx|xlsx|pptx|docm|xlsm|pptm|xlsb|doc|xls|ppt|rtf|htm|html|svgz)$")


def _members(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        return members_of(content)
    except Damaged as error:
        raise Refused("The file is damaged or was cut short. Save it again and upload it once more.") from error


def _told_by_members(content: bytes) -> str:
    names = {member.filename.lower() for member in _members(content)}
    found = [kind for part, kind in MAIN_PARTS.items() if part in names]
    if len(found) != 1:
        raise Refused(f"The file is an archive, and neither a Word document nor an Excel workbook. {_take()}")
    return found[0]


def _look_into_package(content: bytes, *, depth: int = 0) -> None:
    members = _members(content)
    _measure(members, len(content))
    names = [member.filename.lower() for member in members]
    if any(RUNS.search(name) and not HARMLESS.search(name) for name in names):
        raise Refused("The file holds macros or an embedded program. Save it without them, as .docx or .xlsx.")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for member, name in zip(members, names, strict=True):
            if name == "[content_types].xml" and b"macroenabled" in _part(package, member).lower():
                raise Refused("The file holds macros. Save it without them, as .docx or .xlsx.")
            if name.endswith(".rels"):
                _look_at_relations(_part(package, member))
            if PACKED.search(name):
                _look_at_embedded(name, _part(package, member), depth)


def _measure(members: list[zipfile.ZipInfo], size: int) -> None:
    if is_protected(members):
        raise Refused("The file is protected by a password. Take the password off and save it again.")
    overlaps = sum(member.compress_size for member in members) > size or len(
        {member.filename for member in members}
    ) < len(members)
    if overlaps or unpacks_to_too_much(members, most_members=LIMIT_MEMBERS, most_bytes=LIMIT_UNPACKED_BYTES):
        raise Refused("The file unpacks to far more than a document. Copy what matters to a new one.")


def _part(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        return package.read(member)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise Refused("The file is damaged or was cut short. Save it again and upload it once more.") from error


def _look_at_relations(part: bytes) -> None:
    """A link to a web page stays a link; what a program fetches by itself when it opens the file is refused."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        part = part.decode("utf-16", "replace").encode()
    for relation in re.findall(rb"<[^<>]*Relationship\b[^<>]*>", part):
        if re.search(rb"TargetMode\s*=\s*[\"']External", relation) and not re.search(
            rb"Type\s*=\s*[\"'][^\"']*/(hyperlink|externalLinkPath|externalLinkLongPath)[\"']", relation
        ):
            raise Refused(
                "The file fetches something from elsewhere when it is opened, such as a template or a linked picture. "
                "Save it as a PDF and upload that."
            )


def _look_at_embedded(name: str, part: bytes, depth: int) -> None:
    """Charts carry the workbook they are drawn from; that may hold what the document may hold."""
    if not name.endswith((".docx", ".xlsx")) or not part.startswith(b"PK") or depth:
        raise Refused("The file holds another file that we cannot look into. Take it out and upload it by itself.")
    _told_by_members(part)
    _look_into_package(part, depth=depth + 1)


# PDF

#: What a PDF program may run or unpack, as names in the file.
PDF_RUNS = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")


def _look_into_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2_048:]:
        raise Refused("The PDF is damaged or was cut short. Save it again and upload it once more.")
    for part in (content, *_packed_objects(content)):
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), part)
        if re.search(rb"/Encrypt\b", plain):
            raise Refused("The PDF is protected. Take the protection off and save it again.")
        if PDF_RUNS.search(plain):
            raise Refused("The PDF holds a script, a form or another file. Print it to a new PDF and upload that.")


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """The objects that a PDF keeps packed; pictures and texts are left alone."""
    left = LIMIT_OBJECTS_BYTES
    for found in re.finditer(rb"/ObjStm\b[^>]{0,500}>>\s*stream\r?\n", content):
        try:
            end = content.find(b"endstream", found.end())
            part = zlib.decompressobj().decompress(content[found.end() : end if end >= 0 else None], left)
        except zlib.error:
            continue  # packed in another way, which those who make such files hardly use
        left -= len(part)
        if left <= 0:
            raise Refused("The PDF unpacks to far more than a document. Print it to a new PDF and upload that.")
        yield part


# Pictures


def _look_at_png(content: bytes) -> None:
    place = 8
    while place + 12 <= len(content):
        length, name = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        place += 12 + length
        if name == b"IEND":
            break
    if place != len(content):
        raise Refused("The picture is damaged, or something is hidden behind it. Save it again.")
    _look_at_picture(content, "PNG")


def _look_at_jpeg(content: bytes) -> None:
    if not content.rstrip(b"\0\r\n ").endswith(b"\xff\xd9"):
        raise Refused("The picture is damaged, or something is hidden behind it. Save it again.")
    _look_at_picture(content, "JPEG")


def _look_at_picture(content: bytes, kind: str) -> None:
    """Reads its head only."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                width, height = picture.size
    except Exception as error:  # a damaged picture raises almost anything
        raise Refused("The picture is damaged. Save it again.") from error
    if width * height > LIMIT_PIXELS:
        raise Refused(f"The picture has {width:,} × {height:,} points, and we take up to {LIMIT_PIXELS:,} in all.")


# Text


def _look_at_csv(content: bytes) -> None:
    text = _text_of(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=re.sub(r'"[^"]*"', "", first).count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            for cell in row:
                if re.match(r"\s*[=@]|\s*[+-]\s*[A-Za-z(]", cell):
                    raise Refused(
                        f"Line {number} has “{cell.strip()[:40]}”, which a spreadsheet program would run as a formula. "
                        "Save the values only."
                    )
    except csv.Error as error:
        raise Refused(f"The table cannot be read: {error}. Save it again as CSV UTF-8.") from error


_LOOK = {
    "pdf": _look_into_pdf,
    "docx": _look_into_package,
    "xlsx": _look_into_package,
    "png": _look_at_png,
    "jpeg": _look_at_jpeg,
    "csv": _look_at_csv,
    "txt": lambda content: None,
}
