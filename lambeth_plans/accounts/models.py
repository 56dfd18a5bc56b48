"""Councils, divisions, officers, the people who log in, and the tokens of the programs that read for them."""

import hashlib
import secrets

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from lambeth_plans import history
from lambeth_plans.accounts.access import ROLES, answerable_officers, of_visible_councils
from lambeth_plans.fields import AsStatedField
from lambeth_plans.history import HistoryEntry, Recorded, Versioned, VersionedQuerySet

#: Who the history names where the product itself acts: loading the published plans, making the invented council.
SYSTEM_USERNAME = "lambeth-plans"


class CouncilQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "pk"))

    def get_by_natural_key(self, slug: str) -> "Council":
        return self.get(slug=slug)


class Council(Recorded):
    """A council; an invented one is labelled as such on every page."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    is_invented = models.BooleanField(default=False)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        ordering = ["is_invented", "name"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class CouncilRecordQuerySet(VersionedQuerySet):
    """Rows that belong to a council and are found there by their key."""

    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "council"))

    def get_by_natural_key(self, council: str, key: str):
        return self.get(council__slug=council, key=key)


class CouncilRecord(Recorded):
    council = models.ForeignKey(Council, on_delete=models.PROTECT)
    key = models.SlugField(max_length=80)

    objects = CouncilRecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["council", "key"],
                name="%(app_label)s_%(class)s_unique_key",
                violation_error_message="This council already has a record with this key.",
            )
        ]

    def natural_key(self) -> tuple[str, str]:
        return (self.council.slug, self.key)

    natural_key.dependencies = ["accounts.council"]


class Division(CouncilRecord):
    """A part of the directorate with its purpose and the officer who directs it."""

    name = models.CharField(max_length=150)
    purpose = models.TextField(blank=True, default="")
    director = models.ForeignKey(
        "Officer", on_delete=models.PROTECT, null=True, blank=True, related_name="directed_divisions"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(CouncilRecord.Meta):
        ordering = ["council", "order", "name"]

    def __str__(self) -> str:
        return self.name


class OfficerQuerySet(CouncilRecordQuerySet):
    def answerable_to(self, user):
        """The officers whose items this person may report on."""
        return self.filter(pk__in=answerable_officers(user))


class Officer(CouncilRecord):
    """A post holder, an elected member, or a group of posts that a document names together.

    Owners exist before they have a log-in; a document may leave their post out.
    """

    class Kind(models.TextChoices):
        OFFICER = "officer", "Officer"
        MEMBER = "member", "Elected member"
        GROUP = "group", "Group of posts"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OFFICER)
    name = models.CharField(max_length=150)
    post = models.CharField(max_length=200, blank=True, default="")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="officers")
    user = models.ForeignKey("User", on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    deputies = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="deputises_for")
    left_date = models.DateField(null=True, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta(CouncilRecord.Meta):
        ordering = ["council", "kind", "name"]

    def __str__(self) -> str:
        return self.name


class Board(CouncilRecord):
    """A board, panel or committee: who chairs it, who sits on it, what it reports to, how often it meets.

    The rhythm stands as the document prints it ("weekly", "quarterly"); empty where none is stated.
    """

    name = models.CharField(max_length=150)
    purpose = models.TextField(blank=True, default="")
    rhythm = models.CharField("how often it meets", max_length=100, blank=True, default="")
    chair = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="chaired_boards")
    chair_as_stated = AsStatedField()
    members = models.ManyToManyField(Officer, blank=True, related_name="boards")
    reports_to = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="reported_by")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(CouncilRecord.Meta):
        ordering = ["council", "order", "name"]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        """People who share a council with this person."""
        councils = user.councils.through.objects.filter(user_id=user.pk).values("council_id")
        return self.filter(pk__in=user.councils.through.objects.filter(council_id__in=councils).values("user_id"))

    def system(self) -> "User":
        """The named user behind what the product does by itself; made at the first need, cannot log in."""
        found = self.filter(username=SYSTEM_USERNAME).first()
        if found:
            return found
        user = User(username=SYSTEM_USERNAME, name="Lambeth Plans", is_active=False)
        user.set_unusable_password()
        # A first user has nobody to name but itself: it is saved without a trace, then its trail begins.
        user._is_being_recorded = True
        user.save()
        user._is_being_recorded = False
        history.record_loaded(User, [user.pk], by=user, reason="The product's own user.", at=timezone.now())
        return user


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username)

    def create_user(self, username, email=None, password=None, *, role="", name="", councils=(), by=None, **fields):
        user = self.model(
            username=self.model.normalize_username(username),
            email=self.normalize_email(email),
            role=role,
            name=name or username,
            **fields,
        )
        user.set_password(password)
        links = {"councils": councils}
        return history.save(user, by=by or User.objects.system(), reason="Account created.", links=links)

    def create_superuser(self, username, email=None, password=None, **fields):
        """`manage.py createsuperuser` makes an administrator of every council there is: no role is above it."""
        fields.pop("is_staff", None)
        fields.pop("is_superuser", None)
        return self.create_user(
            username, email, password, role="administrator", councils=Council.objects.all(), **fields
        )


class User(AbstractBaseUser, PermissionsMixin, Versioned):
    """Somebody who logs in: one role, one or more councils. Deactivated, never deleted."""

    username = models.CharField(
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Somebody already has this user name."},
    )
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True, default="")
    role = models.CharField(
        max_length=20, blank=True, default="", choices=[(role.name, role.label) for role in ROLES.values()]
    )
    councils = models.ManyToManyField(Council, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=["password", "last_login"])

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_superuser=False),
                name="accounts_user_no_superuser",
                violation_error_message="There is no role above administrator.",
            )
        ]
        permissions = [
            ("read_plans", "Read the plans of their own councils"),
            ("see_drafts", "See what is not published yet"),
            ("see_small_counts", "See counts of so few people that somebody might be recognised"),
            ("report_progress", "Report progress on what they answer for"),
            ("import_figures", "Import figures from spreadsheets"),
            ("edit_registers", "Edit figures, risks, savings and contracts"),
            ("set_up_plans", "Set up plans, owners and dates"),
            ("manage_people", "Manage people, log-ins and roles"),
            ("publish", "Publish plans for the council’s members"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """Django's admin is for administrators only."""
        return self.role == "administrator"

    @property
    def role_label(self) -> str:
        return ROLES[self.role].label if self.role in ROLES else "No role"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


#: What a token begins with, so that whoever finds one in a file sees what it opens.
TOKEN_PREFIX = "lp_"  # noqa: S105 - what follows it is the secret


class ApiTokenQuerySet(VersionedQuerySet):
    def live(self):
        """Those that open something: neither taken back, nor of somebody who may no longer log in."""
        return self.filter(revoked_at=None, user__is_active=True)

    def holder_of(self, secret: str) -> User | None:
        """Who sends this token; None for one that opens nothing. One query."""
        token = self.live().select_related("user").filter(digest=ApiToken.digest_of(secret)).first()
        return token.user if token else None


class ApiToken(Versioned):
    """Lets a program read the API as a person. Only a hash is kept: 256 random bits need neither salt nor patience.

    Nothing is written when it is used. It is taken back, never deleted; its trail never holds the hash.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=["digest"])

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["user", "made_at"]
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"Token of {self.user}"

    @staticmethod
    def new_secret() -> str:
        return TOKEN_PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
