"""Django's admin over recorded models: who may is decided by the role, every save goes through the history, and the
history page only reads (the library's own lets a reader rewrite the past)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from lambeth_plans import history
from lambeth_plans.accounts import actions
from lambeth_plans.accounts.access import Permission, may, of_visible_councils
from lambeth_plans.accounts.models import ApiToken, Board, Council, Division, Officer, User
from lambeth_plans.accounts.record_history import lines
from lambeth_plans.history import StaleRecord

#: What identifies a record in its address and in fixtures: set once, when it is added.
FIXED = {"council", "plan", "key", "slug", "username"}


class RecordAdminForm(forms.ModelForm):
    """Carries the version it was opened on, and asks why."""

    change_reason = forms.CharField(label="Why", max_length=200, help_text="Kept in the history beside your name.")
    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    model_admin: "RecordAdmin"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and cleaned.get("opened_version") != self.instance.version:
            raise ValidationError(
                "Someone else changed this while your page was open. Copy what you typed, open the page again, "
                "and add it to the newer version. Nothing was saved."
            )
        if len(self.model_admin.councils_of(self.instance, cleaned)) > 1:
            raise ValidationError("What you chose belongs to different councils.")
        return cleaned


class RecordAdmin(admin.ModelAdmin):
    """A recorded model. `council_path` leads from a row to its council; rows of other councils do not exist here."""

    form = RecordAdminForm
    permission = Permission.SET_UP_PLANS
    council_path = "council"
    actions = None
    view_on_site = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.permission)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request.user, self.permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.permission)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request.user, self.permission)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(of_visible_councils(request.user, self.council_path))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fixed = [field.name for field in self.opts.concrete_fields if field.name in FIXED and field.editable]
        return [*super().get_readonly_fields(request, obj), *(fixed if obj else [])]

    def get_form(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[RecordAdminForm]:
        form = super().get_form(request, obj, **kwargs)
        form.model_admin = self
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self._offered(db_field.remote_field.model, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self._offered(db_field.remote_field.model, request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _offered(self, model: type[Model], request: HttpRequest) -> QuerySet:
        return self.admin_site.get_model_admin(model).get_queryset(request)

    def councils_of(self, instance: Model, cleaned: dict[str, Any]) -> set[int]:
        """The councils of a record and of every record chosen for it, by primary key."""
        found = {self.council_of(instance)} if instance.pk else set()
        for value in cleaned.values():
            for record in value if isinstance(value, QuerySet) else [value]:
                if isinstance(record, Model):
                    found.add(self.admin_site.get_model_admin(type(record)).council_of(record))
        return found - {None}

    def council_of(self, record: Model) -> int | None:
        value: Any = record
        for name in self.council_path.split("__"):
            value = getattr(value, name)
        return value.pk if isinstance(value, Model) else value

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except StaleRecord:  # between reading and saving: asked again, the form itself says so
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            self.message_user(request, " ".join([*error.messages, "Nothing was saved."]), messages.ERROR)
        except IntegrityError:  # what a form cannot see, such as two codes that are the same but for a full stop
            self.message_user(request, "There is a record like this already. Nothing was saved.", messages.ERROR)
        return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Model, form: RecordAdminForm, change: bool) -> None:
        names = {field.name for field in history.link_fields(self.model)} & set(form.cleaned_data)
        links = {name: form.cleaned_data[name] for name in names}
        self.write(obj, by=request.user, reason=form.cleaned_data["change_reason"], links=links)

    def write(self, obj: Model, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        history.save(obj, by=by, reason=reason, links=links)

    def save_related(self, request: HttpRequest, form: RecordAdminForm, formsets: list, change: bool) -> None:
        """Links are saved with their record, in the same history row."""

    @method_decorator(require_safe)
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {record}",
            "record": record,
            "opts": self.opts,
            "lines": lines(record, reader=request.user),
        }
        return TemplateResponse(request, "admin/record_history.html", context)


class ReadOnlyAdmin(RecordAdmin):
    """What is only ever appended by the product itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Council)
class CouncilAdmin(RecordAdmin):
    council_path = "pk"

    def write(self, obj: Council, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        actions.save_council(council=obj, by=by, reason=reason)


@admin.register(Division)
class DivisionAdmin(RecordAdmin):
    list_display = ("name", "council", "director")
    list_select_related = ("council", "director")
    search_fields = ("name",)


@admin.register(Officer)
class OfficerAdmin(RecordAdmin):
    list_display = ("name", "post", "kind", "council")
    list_select_related = ("council",)
    search_fields = ("name", "post")


@admin.register(Board)
class BoardAdmin(RecordAdmin):
    list_display = ("name", "rhythm", "council")
    list_select_related = ("council",)
    search_fields = ("name",)


@admin.register(User)
class UserAdmin(RecordAdmin):
    """Accounts: no password is seen or set here, nobody is deleted, and no right is given beside the role."""

    permission = Permission.MANAGE_PEOPLE
    fields = ("username", "name", "email", "role", "councils", "is_active", "change_reason", "opened_version")
    list_display = ("name", "username", "role", "is_active")
    search_fields = ("name", "username", "email")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return User.objects.visible_to(request.user).order_by("name")

    def council_of(self, record: User) -> None:
        """A person may belong to several councils."""

    def councils_of(self, instance: User, cleaned: dict[str, Any]) -> set[int]:
        return set()

    def write(self, obj: User, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        actions.save_user(user=obj, councils=list(links["councils"]), by=by, reason=reason)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Who has a token, since when, and whether it was taken back; never its hash. `manage.py api_token` makes them."""

    permission = Permission.MANAGE_PEOPLE
    council_path = "user__councils"
    fields = ("user", "made_at", "revoked_at")
    readonly_fields = fields
    list_display = ("user", "made_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__username")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return ApiToken.objects.filter(user__in=User.objects.visible_to(request.user))

    def council_of(self, record: ApiToken) -> None:
        """A person may belong to several councils."""


# Groups are copied from access.py after every migrate; there is nothing to edit.
admin.site.unregister(Group)
