"""Files that are packed (zip archives, and so .docx and .xlsx), judged by their listing before anything is unpacked."""

import io
import zipfile
from collections.abc import Sequence

#: A part of more than so many bytes that is packed better than this holds next to nothing, again and again.
LIMIT_RATIO, LIMIT_RATIO_FROM_BYTES = 100, 1024 * 1024


class Damaged(ValueError):
    """The archive has no listing that can be read."""


def members_of(content: bytes) -> list[zipfile.ZipInfo]:
    """The listing of an archive. Raises Damaged; what zipfile cannot read it tells in many ways."""
    try:
        return zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as error:
        raise Damaged from error


def is_protected(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether a part cannot be opened without a password."""
    return any(member.flag_bits & 1 for member in members)


def unpacks_to_too_much(members: Sequence[zipfile.ZipInfo], *, most_members: int, most_bytes: int) -> bool:
    """Whether it has more parts, comes to more bytes, or is packed better than an honest document."""
    is_packed_too_well = any(
        member.file_size > LIMIT_RATIO_FROM_BYTES and member.file_size > LIMIT_RATIO * max(member.compress_size, 1)
        for member in members
    )
    return len(members) > most_members or sum(member.file_size for member in members) > most_bytes or is_packed_too_well
