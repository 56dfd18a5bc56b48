"""Files of a publication's pack, made once and kept: what was published never changes, so neither does its file.

A file depends on its publication, on the code that writes it, and on the council's name as it is now; the last two are
its stamp. What has another stamp, or is older than KEPT_FOR, is thrown away when the next file is made. The row says
whether a file is wanted, who is at it and whether it is there; a job of the workers only points at it (docs/adr 0023).
"""

import hashlib
import time
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lambeth_plans.accounts.models import Council
from lambeth_plans.cycles.models import PackFile, Publication
from lambeth_plans.reports.publication_pack import FILE_KINDS, KEPT, FileKind, Version, publication_pack

KEPT_FOR = timedelta(days=90)
#: After so long, whoever began a file has stopped in the middle, and somebody else may begin.
MAKING_LASTS = timedelta(minutes=2)
PAUSE_SECONDS = 0.1
#: Where the code is that a file depends on.
CODE = ("lambeth_plans", "objectives", "activities", "kpis", "risks", "finance")


@cache
def code_fingerprint() -> str:
    """Of every module of the product, so that a new version of it makes all files anew. Read once for each process."""
    found = hashlib.sha256()
    for folder in CODE:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


def stamp_of(council: Council) -> str:
    return hashlib.sha256(f"{code_fingerprint()}\n{council.name}\n{council.is_invented}".encode()).hexdigest()


def kept_file(publication: Publication, kind: FileKind, version: Version) -> PackFile | None:
    """The file where it is there and not stale. One query."""
    return _wanted(publication, kind, version).exclude(content=None).first()


def standing(publication: Publication, kind: FileKind, version: Version) -> PackFile | None:
    """Where its making stands, without what is in it; None where nobody has asked for it. One query."""
    return _wanted(publication, kind, version).defer("content").first()


def kinds_kept(publication: Publication, version: Version) -> set[str]:
    """Which kinds of file are there. One query."""
    files = PackFile.objects.filter(publication=publication, pack_version=version.key)
    there = files.filter(stamp=stamp_of(publication.plan.council)).exclude(content=None)
    return set(there.values_list("kind", flat=True))


def _wanted(publication: Publication, kind: FileKind, version: Version):
    files = PackFile.objects.filter(publication=publication, kind=kind.key, pack_version=version.key)
    return files.filter(stamp=stamp_of(publication.plan.council))


@transaction.atomic
def ask_for(publication: Publication, kind: FileKind, version: Version) -> PackFile:
    """The row of a file that is wanted, made anew where it is stale; with this all that is stale is thrown away."""
    council, now = publication.plan.council, timezone.now()
    stamp = stamp_of(council)
    stale = Q(publication__plan__council=council) & ~Q(stamp=stamp)
    PackFile.objects.filter(stale | Q(asked_at__lt=now - KEPT_FOR)).delete()
    wanted = {"publication": publication, "kind": kind.key, "pack_version": version.key}
    return PackFile.objects.defer("content").get_or_create(**wanted, defaults={"stamp": stamp, "asked_at": now})[0]


def wait_for_a_worker(file: PackFile) -> None:
    """Until one has made it, or has begun, or for as long as it is worth waiting. A quick file is then there."""
    until = time.monotonic() + settings.WORKER_PATIENCE_SECONDS
    while time.monotonic() < until:
        if PackFile.objects.filter(pk=file.pk).exclude(made_at=None).exists():
            return
        time.sleep(PAUSE_SECONDS)


def make(pk: int) -> bool:
    """Makes a file, unless it is there, somebody is at it, nobody wants it any more, or it is wanted of another version
    of the code, as while a new one is put in place. Returns whether it did."""
    file = _begin(pk)
    if file is None:
        return False
    publication, kind = file.publication, FILE_KINDS[file.kind]
    earlier = Publication.objects.filter(plan=publication.plan_id, number__lt=publication.number)
    publications = [*earlier.select_related("plan__council", "meeting__board").order_by("number"), publication]
    try:
        content = kind.write(publication_pack(publications, KEPT[file.pack_version])[1])
    except BaseException:
        PackFile.objects.filter(pk=pk).update(begun_at=None)
        raise
    PackFile.objects.filter(pk=pk, stamp=file.stamp).update(content=content, made_at=timezone.now())
    return True


@transaction.atomic
def _begin(pk: int) -> PackFile | None:
    now = timezone.now()
    free = Q(begun_at=None) | Q(begun_at__lte=now - MAKING_LASTS)
    files = PackFile.objects.filter(free, pk=pk, made_at=None).select_related("publication__plan__council")
    file = files.select_for_update(of=("self",)).first()
    if file is None or file.stamp != stamp_of(file.publication.plan.council):
        return None
    file.begun_at = now
    file.save(update_fields=["begun_at"])
    return file


def is_being_made(file: PackFile) -> bool:
    """Whether somebody is at it, as far as can be told."""
    return file.made_at is None and file.begun_at is not None and file.begun_at > timezone.now() - MAKING_LASTS
