"""What a role may do, and which rows a person sees and answers for. The one place.

The table below is meant to be read by anyone. After every migrate it is copied exactly to Django's groups and
permissions (`sync_roles`), so that `has_perm`, the admin and the templates agree with it.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.db.models import Q


class Permission(StrEnum):
    """Each thing a role may be allowed to do, by its Django permission name."""

    READ_PLANS = "accounts.read_plans"
    SEE_DRAFTS = "accounts.see_drafts"
    SEE_SMALL_COUNTS = "accounts.see_small_counts"
    REPORT_PROGRESS = "accounts.report_progress"
    IMPORT_FIGURES = "accounts.import_figures"
    EDIT_REGISTERS = "accounts.edit_registers"
    SET_UP_PLANS = "accounts.set_up_plans"
    MANAGE_PEOPLE = "accounts.manage_people"
    PUBLISH = "accounts.publish"
    ASK_QUESTIONS = "accounts.ask_questions"


PERMISSION_WORDS = {
    Permission.READ_PLANS: "Read the plans of their own councils",
    Permission.SEE_DRAFTS: "See what is not published yet",
    Permission.SEE_SMALL_COUNTS: "See counts of so few people that somebody might be recognised",
    Permission.REPORT_PROGRESS: "Report progress on what they answer for",
    Permission.IMPORT_FIGURES: "Import figures from spreadsheets",
    Permission.EDIT_REGISTERS: "Edit figures, risks, savings and contracts",
    Permission.SET_UP_PLANS: "Set up plans, owners and dates",
    Permission.MANAGE_PEOPLE: "Manage people, log-ins and roles",
    Permission.PUBLISH: "Publish plans for the council’s members",
    Permission.ASK_QUESTIONS: "Ask questions on the record, and keep a list of what to follow up",
}


@dataclass(frozen=True)
class Role:
    name: str
    label: str
    description: str
    permissions: frozenset[Permission]


# fmt: off
ROLES = {
    role.name: role
    for role in (
        Role("administrator", "Administrator", "Sets up plans, people and roles",
             frozenset({Permission.READ_PLANS, Permission.SEE_DRAFTS, Permission.SEE_SMALL_COUNTS,
                        Permission.SET_UP_PLANS, Permission.MANAGE_PEOPLE, Permission.PUBLISH})),
        Role("director", "Director", "Reports on what they own, direct or deputise for",
             frozenset({Permission.READ_PLANS, Permission.SEE_DRAFTS, Permission.SEE_SMALL_COUNTS,
                        Permission.REPORT_PROGRESS})),
        Role("analyst", "Analyst", "Imports and edits figures and registers",
             frozenset({Permission.READ_PLANS, Permission.SEE_DRAFTS, Permission.SEE_SMALL_COUNTS,
                        Permission.IMPORT_FIGURES, Permission.EDIT_REGISTERS, Permission.PUBLISH})),
        Role("lead_member", "Lead member", "Reads what is published, and asks questions",
             frozenset({Permission.READ_PLANS, Permission.ASK_QUESTIONS})),
        Role("scrutiny_member", "Scrutiny member", "Reads what is published, and asks questions",
             frozenset({Permission.READ_PLANS, Permission.ASK_QUESTIONS})),
    )
}
# fmt: on


def may(user, permission: Permission) -> bool:
    """Whether a person's role allows something. No query: the role stands on the user."""
    role = ROLES.get(getattr(user, "role", ""))
    return bool(role and user.is_authenticated and user.is_active and permission in role.permissions)


def of_visible_councils(user, path: str) -> Q:
    """Which rows a person sees: those of the councils they belong to. `path` leads from the row to its council.

    A condition on a sub-query rather than a join, so that nothing is counted twice.
    """
    if not may(user, Permission.READ_PLANS):
        return Q(pk__in=[])
    return Q(**{f"{path}__in": user.councils.through.objects.filter(user_id=user.pk).values("council_id")})


def answerable_officers(user):
    """The officers a person answers for: their own posts, those they deputise for, and every officer of a division
    that one of these posts directs. Who has left a post has left its deputising too. A sub-query of officer primary
    keys."""
    Officer = apps.get_model("accounts.Officer")
    held = _held_posts(user)
    return Officer.objects.filter(Q(pk__in=held) | Q(division__director__in=held)).values("pk")


def answerable_divisions(user):
    """The divisions that a person's posts, or those they deputise for, direct. A sub-query of primary keys."""
    return apps.get_model("accounts.Division").objects.filter(director__in=_held_posts(user)).values("pk")


def _held_posts(user):
    posts = Q(user_id=user.pk) | Q(deputies__user_id=user.pk, deputies__left_date=None)
    return apps.get_model("accounts.Officer").objects.filter(posts, left_date=None).values("pk")


def sync_roles(**kwargs: object) -> None:
    """Copies ROLES exactly to Django's groups (run after every migrate)."""
    found = {
        f"{p.content_type.app_label}.{p.codename}": p for p in DjangoPermission.objects.select_related("content_type")
    }
    for role in ROLES.values():
        group, _ = Group.objects.get_or_create(name=role.name)
        group.permissions.set([found[permission.value] for permission in role.permissions])
    Group.objects.exclude(name__in=ROLES).delete()
