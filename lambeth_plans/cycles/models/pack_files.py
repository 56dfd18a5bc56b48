"""The files made of a publication's pack, kept so that they are made once."""

from django.db import models
from django.db.models import Q

from lambeth_plans.cycles.models.publications import Publication


class PackFile(models.Model):
    """A pack as a file, in one version of it: asked for, begun, and made, or not yet.

    It can always be made again from its publication, so it has no history, and is thrown away when it is stale:
    `stamp` is the fingerprint of all that a file depends on beside its publication (lambeth_plans/reports/kept.py).
    """

    class Kind(models.TextChoices):
        WORD = "word", "Word file"
        WORKBOOK = "workbook", "workbook"

    class Version(models.TextChoices):
        OFFICERS = "officers", "The officers’ version"
        HANDED_OUT = "handed-out", "The version for members and the public, as officers hand it out"
        MEMBERS = "members", "The version for members, as they open it themselves"

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="pack_files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    pack_version = models.CharField(max_length=10, choices=Version.choices)
    stamp = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    content = models.BinaryField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "kind", "pack_version"], name="cycles_packfile_one_of_each"),
            models.CheckConstraint(
                condition=Q(made_at=None, content=None) | Q(made_at__isnull=False, content__isnull=False),
                name="cycles_packfile_made_has_content",
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="cycles_packfile_made")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.publication_id}"
