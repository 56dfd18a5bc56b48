"""Who owes what in a round of reporting, and whether it is in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Officer, User
from lambeth_plans.cycles.models import ReportingRound, Submission
from lambeth_plans.rag import Rag


@dataclass(frozen=True)
class Owed:
    """One activity that is reported on in a round. `users` are those who can report on it, by name.

    What was returned is not submitted. `submission` is None for what nobody has reported on, and for what was reported
    before there was the round.
    """

    activity: Activity
    owner: Officer | None
    users: tuple[User, ...]
    is_submitted: bool
    submission: Submission | None = None


def owed_activities(reporting_round: ReportingRound):
    """The activities of its plan that are reported on in a round: all but those that were complete before it began,
    and those too where somebody has reported on them in it. None in a superseded plan."""
    reports = ProgressUpdate.objects.filter(activity=OuterRef("pk"))
    before = reports.filter(period_start__lt=reporting_round.month_date).order_by("-period_start", "-revision")
    is_reported = Exists(reports.filter(period_start=reporting_round.month_date))
    return (
        Activity.objects.filter(plan_id=reporting_round.plan_id)
        .reportable()
        .annotate(is_reported=is_reported, rag_before=Subquery(before.values("rag")[:1]))
        .filter(Q(is_reported=True) | Q(rag_before__isnull=True) | ~Q(rag_before=Rag.BLUE.value))
        .order_by("order", "key")
    )


def owed(reporting_round: ReportingRound) -> tuple[Owed, ...]:
    """What is reported on in a round, in the plan's order. A fixed number of queries."""
    activities = list(
        owed_activities(reporting_round)
        .select_related("plan__council", "owner__division")
        .prefetch_related("further_owners")
    )
    users = users_who_answer(activities)
    submissions = {each.activity_id: each for each in reporting_round.submissions.all()}
    found = []
    for activity in activities:
        submission = submissions.get(activity.pk)
        is_submitted = activity.is_reported and not (submission and submission.is_returned)
        found.append(Owed(activity, activity.owner, users[activity.pk], is_submitted, submission))
    return tuple(found)


def people_who_owe(reporting_round: ReportingRound) -> dict[User, list[Activity]]:
    """Everybody who can still report on something in a round, with what of theirs is open."""
    people: dict[User, list[Activity]] = defaultdict(list)
    for line in owed(reporting_round):
        if not line.is_submitted:
            for user in line.users:
                people[user].append(line.activity)
    return dict(people)


def users_who_answer(activities: Iterable[Activity]) -> dict[int, tuple[User, ...]]:
    """Who can report on each activity, by its primary key: the rule of accounts/access.py::answerable_officers the
    other way round. Activities come with their plan, owner and further owners. Five queries."""
    owners = {
        each.pk: {each.owner_id, *(other.pk for other in each.further_owners.all())} - {None} for each in activities
    }
    officers = Officer.objects.filter(pk__in=set().union(*owners.values())).select_related("division__director")
    posts = {officer.pk: _answering(officer) for officer in officers}
    by_post = holders_of({post for held in posts.values() for post in held})
    found = {}
    for activity in activities:
        holders = {user for owner in owners[activity.pk] for post in posts[owner] for user in by_post[post]}
        council = activity.plan.council_id
        members = (user for user in holders if council in {each.pk for each in user.councils.all()})
        found[activity.pk] = tuple(sorted(members, key=lambda user: (user.name, user.pk)))
    return found


def _answering(officer: Officer) -> set[int]:
    """The posts that answer for what an officer owns: their own, and that of the director of their division."""
    posts = [officer, officer.division.director if officer.division else None]
    return {post.pk for post in posts if post and post.left_date is None}


def holders_of(posts: set[int]) -> dict[int, set[User]]:
    """Who holds each post or deputises for it, of those who may report progress."""
    holders: dict[int, set[User]] = defaultdict(set)
    held = Q(posts__in=posts) | Q(posts__deputises_for__in=posts, posts__left_date=None)
    users = User.objects.filter(held, is_active=True).distinct().prefetch_related("councils", "posts__deputises_for")
    for user in users:
        if not may(user, Permission.REPORT_PROGRESS):
            continue
        for post in user.posts.all():
            if post.left_date is None:
                for each in (post, *post.deputises_for.all()):
                    holders[each.pk].add(user)
    return holders
