"""Logging in and passwords; people, divisions and accounts of a council."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from lambeth_plans.accounts import actions
from lambeth_plans.accounts.access import ROLES
from lambeth_plans.accounts.models import Board, Council, Division, Officer, User
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import (
    DayField,
    LongTextField,
    ReasonedForm,
    RecordChoiceField,
    RecordsChoiceField,
    VersionedForm,
)
from lambeth_plans.forms import GovukFormMixin


class LogInForm(GovukFormMixin, auth_forms.AuthenticationForm):
    """The same words for a wrong password, an unknown user name and a deactivated account."""

    error_messages = {
        "invalid_login": "The user name or the password is not right. Both are told apart by capital letters.",
        "inactive": "The user name or the password is not right. Both are told apart by capital letters.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"
        self.fields["username"].error_messages["required"] = "Enter your user name."
        self.fields["password"].error_messages["required"] = "Enter your password."
        del self.fields["username"].widget.attrs["autofocus"]


class PasswordForm(GovukFormMixin, auth_forms.SetPasswordForm):
    """Chooses a new password after following a link from an e-mail."""

    reason = "Password chosen through a link sent by e-mail."
    error_messages = {**auth_forms.SetPasswordForm.error_messages, "password_mismatch": "The two passwords differ."}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts())
        self.fields["new_password1"].error_messages["required"] = "Enter a new password."
        self.fields["new_password2"].label = "The new password again"
        self.fields["new_password2"].help_text = ""
        self.fields["new_password2"].error_messages["required"] = "Enter the new password again."

    def save(self, commit: bool = True) -> User:
        self.user = actions.change_password(
            user=self.user, raw_password=self.cleaned_data["new_password1"], by=self.user, reason=self.reason
        )
        return self.user


class PasswordChangeForm(PasswordForm, auth_forms.PasswordChangeForm):
    """Changes one's own password, knowing the old one."""

    reason = "Password changed."
    error_messages = {**PasswordForm.error_messages, "password_incorrect": "The old password is not right."}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["old_password"].error_messages["required"] = "Enter your old password."
        del self.fields["old_password"].widget.attrs["autofocus"]


class PasswordResetForm(GovukFormMixin, auth_forms.PasswordResetForm):
    """Asks for a link; also for somebody new, who has no password yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"
        self.fields["email"].error_messages["required"] = "Enter your e-mail address."

    def get_users(self, email: str) -> list[User]:
        found = User.objects.filter(email__iexact=email, is_active=True)
        # The database may take letters for equal that are not (ı and i): that would send the link to a stranger.
        return [user for user in found if user.email.casefold() == email.casefold()]


class PasswordLinkForm(PasswordResetForm):
    """Sends one person a link to choose a password. Raises OSError where the message cannot be sent."""

    def __init__(self, user: User) -> None:
        super().__init__({"email": user.email})
        self.user = user

    def get_users(self, email: str) -> list[User]:
        return [self.user]

    def send_mail(
        self, subject_template_name, email_template_name, context, from_email, to_email, html_email_template_name=None
    ) -> None:
        subject = "".join(render_to_string(subject_template_name, context).splitlines())
        EmailMessage(subject, render_to_string(email_template_name, context), from_email, [to_email]).send()


def _people_with_log_in(council: Council) -> dict[str, User]:
    return {user.username: user for user in council.people.all()}


def _divisions(council: Council) -> dict[str, Division]:
    return {division.key: division for division in Division.objects.filter(council=council)}


def _officers(council: Council) -> dict[str, Officer]:
    return {officer.key: officer for officer in Officer.objects.filter(council=council)}


class OfficerRow(VersionedForm):
    """A post holder as a row of a table."""

    division = RecordChoiceField(required=False, nothing="Not stated")
    user = RecordChoiceField(label="Log-in", required=False, nothing="No log-in")
    left_date = DayField(label="Left on", required=False)

    class Meta:
        model = Officer
        fields = ["name", "post", "kind", "division", "user", "left_date"]

    def __init__(self, *args: Any, divisions: dict, people: dict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_new:
            self.page = reverse("officer_edit", args=[self.instance.council.slug, self.instance.key])
            self.page_label = "Deputies"
        self.fields["division"].offer(divisions)
        self.fields["user"].offer(people, label=lambda user: user.username)

    def clean_left_date(self) -> date | None:
        """Whoever has left answers for nothing any more, so the day cannot be in the future."""
        left = self.cleaned_data["left_date"]
        if left and left > timezone.localdate():
            raise forms.ValidationError("Give the day once it has come: from then on they answer for nothing.")
        return left


class OfficerTable(EditableTable):
    """The post holders and elected members of a council."""

    form_class = OfficerRow
    widths = {"name": "one-quarter", "post": "one-quarter"}
    noun, nouns = "post holder", "post holders"

    def __init__(self, council: Council, data: Any = None) -> None:
        super().__init__(
            Officer.objects.filter(council=council).select_related("council"),
            new=lambda: Officer(council=council),
            data=data,
            divisions=_divisions(council),
            people=_people_with_log_in(council),
        )


class OfficerForm(ReasonedForm, OfficerRow):
    """A post holder on their own page, with those who deputise for them."""

    deputies = RecordsChoiceField(
        required=False, help_text="A deputy may report on everything this person answers for."
    )

    class Meta(OfficerRow.Meta):
        fields = [*OfficerRow.Meta.fields, "deputies"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs["instance"]
        council = instance.council
        super().__init__(*args, divisions=_divisions(council), people=_people_with_log_in(council), **kwargs)
        self.fields["deputies"].offer({key: o for key, o in _officers(council).items() if o.pk != instance.pk})


class DivisionRow(VersionedForm):
    """A division as a row of a table."""

    purpose = LongTextField(required=False, rows=3)
    director = RecordChoiceField(required=False, nothing="Not stated")

    class Meta:
        model = Division
        fields = ["name", "purpose", "director"]

    def __init__(self, *args: Any, officers: dict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["director"].offer(officers)


class DivisionTable(EditableTable):
    """The divisions of a council with their directors."""

    form_class = DivisionRow
    widths = {"purpose": "one-half"}
    noun, nouns = "division", "divisions"

    def __init__(self, council: Council, data: Any = None) -> None:
        super().__init__(
            Division.objects.filter(council=council),
            new=lambda: Division(council=council),
            data=data,
            officers=_officers(council),
        )


class BoardRow(VersionedForm):
    """A board as a row of a table: who chairs it, who sits on it and what it reports to."""

    purpose = LongTextField(required=False, rows=3)
    rhythm = forms.CharField(label="Meets", required=False, max_length=100)
    chair = RecordChoiceField(required=False, nothing="Not stated")
    members = RecordsChoiceField(required=False)
    reports_to = RecordsChoiceField(label="Reports to", required=False)

    class Meta:
        model = Board
        fields = ["name", "purpose", "rhythm", "chair", "members", "reports_to"]

    def __init__(self, *args: Any, officers: dict, boards: dict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].offer(officers, label=_name_or_left)
        self.fields["members"].offer(officers, label=_name_or_left)
        self.fields["reports_to"].offer({key: b for key, b in boards.items() if b.pk != self.instance.pk})


def _name_or_left(officer: Officer) -> str:
    return f"{officer} (left)" if officer.left_date else str(officer)


class BoardTable(EditableTable):
    """The boards of a council with their chairs and members."""

    form_class = BoardRow
    widths = {"purpose": "one-third"}
    noun, nouns = "board", "boards"

    def __init__(self, council: Council, data: Any = None) -> None:
        boards = list(Board.objects.filter(council=council).prefetch_related("members", "reports_to"))
        super().__init__(
            boards,
            new=lambda: Board(council=council),
            data=data,
            officers=_officers(council),
            boards={board.key: board for board in boards},
        )


class UserForm(ReasonedForm):
    """Somebody's account. `by` grants only the councils they belong to themselves."""

    role = forms.ChoiceField(
        choices=[
            (role.name, f"{role.label}: {role.description[0].lower()}{role.description[1:]}") for role in ROLES.values()
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role."},
    )
    councils = RecordsChoiceField(
        error_messages={"required": "Choose at least one council. To shut somebody out, deactivate them."}
    )

    class Meta:
        model = User
        fields = ["name", "email", "role", "councils", "is_active"]
        labels = {"email": "E-mail address", "is_active": "May log in"}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {council.slug: council for council in by.councils.all()}
        self.fields["councils"].offer(own)
        if self.instance.pk:  # whoever stays in further councils may leave all of these
            self.fields["councils"].required = not self.instance.councils.exclude(slug__in=own).exists()


class NewUserForm(UserForm):
    """A new account; its owner chooses the password through a link sent by e-mail."""

    email = forms.EmailField(
        label="E-mail address", help_text="A link to choose a password is sent there.", max_length=254
    )

    class Meta(UserForm.Meta):
        fields = ["username", "name", "email", "role", "councils"]
        labels = {"username": "User name"}

    def clean_username(self) -> str:
        # As the log-in page reads it, or its owner could never log in.
        username = User.normalize_username(self.cleaned_data["username"])
        if username.casefold() == "new":  # its page would be the page for a new account
            raise forms.ValidationError("Choose another user name.")
        return username
