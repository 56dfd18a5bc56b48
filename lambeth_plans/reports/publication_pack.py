"""The pack of a publication, in the version that somebody has, and the file that is written of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import PackFile, Publication
from lambeth_plans.dashboards.as_at import plan_then
from lambeth_plans.dashboards.published import published_state
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.reports.pack import Pack, PackTerms, pack_of
from lambeth_plans.reports.word import DOCX, word_of
from lambeth_plans.reports.workbook import workbook_of
from lambeth_plans.spreadsheets import XLSX


@dataclass(frozen=True)
class Version:
    """For whom a pack is made, and what its maker sees of the plan."""

    is_for_members: bool
    sees_drafts: bool
    sees_small_counts: bool

    @property
    def key(self) -> str:
        """Under which name its files are kept; empty for one that is not kept."""
        return next((key for key, version in KEPT.items() if version == self), "")


#: Every version that a role of today has.
KEPT = {
    PackFile.Version.OFFICERS.value: Version(is_for_members=False, sees_drafts=True, sees_small_counts=True),
    PackFile.Version.HANDED_OUT.value: Version(is_for_members=True, sees_drafts=True, sees_small_counts=False),
    PackFile.Version.MEMBERS.value: Version(is_for_members=True, sees_drafts=False, sees_small_counts=False),
}


def version_for(user: User, *, wants_members: bool) -> Version:
    """Officers may ask for what members have; members have nothing else."""
    is_officer = may(user, Permission.SEE_DRAFTS)
    is_for_members = not is_officer or wants_members
    sees = may(user, Permission.SEE_SMALL_COUNTS) and not is_for_members
    return Version(is_for_members=is_for_members, sees_drafts=is_officer, sees_small_counts=sees)


def state_then(publications: Sequence[Publication], version: Version) -> PlanState:
    """The plan as the last of them has it; to members nothing that came between two of them. One query."""
    if not version.sees_drafts:
        return published_state(publications, shows_latest=False, sees_small_counts=version.sees_small_counts)
    last = publications[-1]
    then = plan_then(last.plan, last.moment)
    return plan_state(then, last.moment, sees_small_counts=version.sees_small_counts, publications=(last,))


def publication_pack(publications: Sequence[Publication], version: Version) -> tuple[PlanState, Pack]:
    """The state and the pack of the last of a plan's publications so far, compared with the one before it."""
    *earlier, publication = publications
    state = state_then([*earlier, publication], version)
    since = state_then(earlier, version) if earlier else None
    terms = PackTerms.of(publication, earlier[-1] if earlier else None)
    return state, pack_of(state, since, terms=terms, is_for_members=version.is_for_members)


@dataclass(frozen=True)
class FileKind:
    """How a pack is written down as a file: its ending, what it is called on the web, and the URL name of the file."""

    key: str
    words: str
    ending: str
    content_type: str
    page: str
    write: Callable[[Pack], bytes]

    def name(self, publication: Publication, version: Version) -> str:
        """The name of the file; that of the pack says whether it holds what is exempt."""
        kind = "-members" if version.is_for_members else "-part-ii" if publication.exempt_parts else ""
        return f"{publication.plan.slug}-pack-{publication.number}{kind}.{self.ending}"


FILE_KINDS = {
    kind.key: kind
    for kind in (
        FileKind(PackFile.Kind.WORD.value, "Word file", "docx", DOCX, "pack_word", word_of),
        FileKind(PackFile.Kind.WORKBOOK.value, "workbook", "xlsx", XLSX, "pack_workbook", workbook_of),
    )
}
