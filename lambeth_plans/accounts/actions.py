"""Changes to people, divisions and accounts. Each is atomic, names who makes it, and leaves its history."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify

from lambeth_plans import history
from lambeth_plans.accounts.models import ApiToken, Board, Council, Division, Officer, User

Links = dict[str, Iterable[Model]]

#: Through these an account can be taken over, shut out or given rights, in every council it belongs to.
ACCOUNT_FIELDS = ("username", "email", "role", "is_active")


def free_key(text: str, taken: set[str], *, otherwise: str) -> str:
    """A key for a URL made from a reference or a title, that is not taken yet; it is added to `taken`."""
    stem = slugify(text)[:60].strip("-") or otherwise
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    taken.add(key)
    return key


def in_one_order(rows: Iterable[tuple[Model, Links]]) -> list[tuple[Model, Links]]:
    """Rows in the order in which everybody locks them, new ones last, so that no two tables wait for each other."""
    return sorted(rows, key=lambda row: (row[0].pk is None, row[0].pk or 0))


@transaction.atomic
def change_password(*, user: User, raw_password: str, by: User, reason: str = "Password changed.") -> User:
    """Sets a password. The history says that it changed, by whom and when; it never holds the password's hash.

    Every other session of the user ends, because Django ties sessions to the hash; every API token is taken back too.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    current.set_password(raw_password)
    revoke_tokens(user=current, by=by, reason=reason)
    return history.save(current, by=by, reason=reason)


@transaction.atomic
def issue_token(*, user: User, by: User, reason: str) -> str:
    """Makes an API token and returns it: it is told this once and kept nowhere. Earlier ones stay valid.

    Raises ValidationError for somebody who may not log in.
    """
    holder = User.objects.select_for_update().get(pk=user.pk)
    if not holder.is_active:
        raise ValidationError(f"{holder} may not log in, so no token is given.")
    secret = ApiToken.new_secret()
    history.save(ApiToken(user=holder, digest=ApiToken.digest_of(secret)), by=by, reason=reason)
    return secret


@transaction.atomic
def revoke_tokens(*, user: User, by: User, reason: str) -> list[ApiToken]:
    """Takes every API token of a person back, for good, and returns those that were valid."""
    User.objects.select_for_update().get(pk=user.pk)
    tokens = list(ApiToken.objects.filter(user_id=user.pk, revoked_at=None).order_by("pk"))
    for token in tokens:
        token.revoked_at = timezone.now()
    return history.change_all(tokens, by=by, reason=reason)


@transaction.atomic
def save_user(*, user: User, councils: Sequence[Council], by: User, reason: str) -> User:
    """Creates or changes an account; a new one has no password until its owner chooses one.

    Councils that `by` does not belong to are neither given nor taken. Raises PermissionDenied for others, and
    ValidationError where a council would be left without an administrator, or where the account itself is changed
    although it belongs to a council that `by` does not belong to.
    """
    own = set(by.councils.all())
    if not set(councils) <= own:
        raise PermissionDenied("Only councils one belongs to can be given.")
    # The lock keeps two administrators from removing each other at the same moment.
    before = [] if user.pk is None else list(Council.objects.select_for_update().filter(people=user).order_by("pk"))
    if user.pk is None:
        user.set_unusable_password()
    kept = [council for council in before if council not in own]
    if kept and _account(user) != _account(User.objects.get(pk=user.pk)):
        raise ValidationError(
            f"{user} belongs to further councils. Only an administrator of all of them can change the e-mail address, "
            "the role, and whether they may log in."
        )
    history.save(user, by=by, reason=reason, links={"councils": [*councils, *kept]})
    if not user.is_active:  # whoever is let in again needs a new one
        revoke_tokens(user=user, by=by, reason=reason)
    _keep_an_administrator(before, user)
    return user


def _account(user: User) -> tuple[str | bool, ...]:
    return tuple(getattr(user, name) for name in ACCOUNT_FIELDS)


def _keep_an_administrator(councils: Iterable[Council], user: User) -> None:
    administrators = User.objects.filter(role="administrator", is_active=True)
    was = User.history.filter(id=user.pk, version__lt=user.version).order_by("-history_id").first()
    if was is None or was.role != "administrator" or not was.is_active:
        return
    for council in councils:
        if not administrators.filter(councils=council).exists():
            raise ValidationError(f"{council} would be left without an administrator. Make somebody else one first.")


@transaction.atomic
def save_officers(
    *, council: Council, officers: Sequence[tuple[Officer, Links]], by: User, reason: str
) -> list[Officer]:
    """Saves changed and new post holders of a council together, or none of them."""
    Council.objects.select_for_update().get(pk=council.pk)
    taken = set(Officer.objects.filter(council=council).values_list("key", flat=True))
    for officer, _ in officers:
        officer.key = officer.key or free_key(officer.name, taken, otherwise="officer")
    return [history.save(officer, by=by, reason=reason, links=links) for officer, links in in_one_order(officers)]


@transaction.atomic
def save_divisions(
    *, council: Council, divisions: Sequence[tuple[Division, Links]], by: User, reason: str
) -> list[Division]:
    """Saves changed and new divisions of a council together, or none of them; new ones come last."""
    _number_new(council, Division, [division for division, _ in divisions])
    return [history.save(division, by=by, reason=reason, links=links) for division, links in in_one_order(divisions)]


@transaction.atomic
def save_boards(*, council: Council, boards: Sequence[tuple[Board, Links]], by: User, reason: str) -> list[Board]:
    """Saves changed and new boards of a council together, or none of them; new ones come last."""
    _number_new(council, Board, [board for board, _ in boards])
    return [history.save(board, by=by, reason=reason, links=links) for board, links in in_one_order(boards)]


def _number_new(council: Council, model: type[Division] | type[Board], records: Iterable[Division | Board]) -> None:
    """Gives new rows of a council their key, made from the name, and their place after the others. Locks the council,
    so that two people who add rows at the same moment do not meet."""
    Council.objects.select_for_update().get(pk=council.pk)
    present = model.objects.filter(council=council)
    taken = set(present.values_list("key", flat=True))
    last = max(present.values_list("order", flat=True), default=0)
    for record in records:
        if not record.key:
            last += 1
            record.key, record.order = free_key(record.name, taken, otherwise=model._meta.model_name), last


@transaction.atomic
def save_council(*, council: Council, by: User, reason: str) -> Council:
    """Creates or changes a council; whoever adds one belongs to it, otherwise nobody could go on from there."""
    is_new = council.pk is None
    history.save(council, by=by, reason=reason)
    if is_new:
        creator = User.objects.get(pk=by.pk)
        councils = [*creator.councils.all(), council]
        history.save(creator, by=by, reason=f"Added {council}.", links={"councils": councils})
    return council
