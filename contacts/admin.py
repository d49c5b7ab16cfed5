"""Functions, logins and roles for the administrator. Every change goes through an action; nothing is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from contacts import actions
from contacts.actions.people import SHARED_MAILBOX, is_shared
from contacts.errors import Refused
from contacts.models import Function, Letter, Membership, User
from contacts.roles import Role, fits
from contacts.rules import clean_line

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Model]
    AnyForm = forms.ModelForm[Model]
else:
    AnyAdmin = admin.ModelAdmin
    AnyForm = forms.ModelForm

admin.site.unregister(Group)  # roles are in contacts.roles, and held through Membership


class KeptAdmin(AnyAdmin):
    """Nothing here is deleted; `identity` is written once."""

    identity: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.identity if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def administrator(request: HttpRequest) -> User:
    return cast(User, request.user)


@admin.register(Function)
class FunctionAdmin(KeptAdmin):
    identity = ("key", "side", "level", "other")
    list_display = ("name", "side", "level", "signing", "active", "position")
    list_filter = ("side", "level", "active")
    search_fields = ("name",)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        actions.save_function(by=administrator(request), function=cast(Function, obj))


class UserForm(AnyForm):
    """A new login, or a new name or password for one that exists."""

    new_password = forms.CharField(
        label="Nytt lösenord",
        help_text="Minst 12 tecken. Lämna det till personen på ett säkert sätt.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )

    class Meta:
        model = User
        fields = ("email", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].required = self.instance.pk is None

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if is_shared(email):
            raise forms.ValidationError(SHARED_MAILBOX)
        return email

    def clean_name(self) -> str:
        return clean_line(str(self.cleaned_data["name"]))

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        if password:
            validate_password(password, cast(User, self.instance))
        return password


@admin.register(User)
class UserAdmin(KeptAdmin):
    identity = ("email",)
    form = UserForm
    list_display = ("name", "email", "is_active", "date_joined")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    actions = ("close",)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        typed, user = form.cleaned_data, cast(User, obj)
        password = typed["new_password"]
        if change:
            actions.change_user(by=administrator(request), user=user, name=typed["name"], password=password)
            return
        new = actions.add_user(by=administrator(request), email=typed["email"], name=typed["name"], password=password)
        user.pk = new.pk

    @admin.action(description="Stäng valda inloggningar och avsluta deras roller")
    def close(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        today = timezone.localdate()
        for user in queryset.filter(is_active=True).order_by("pk"):
            try:
                actions.close_user(by=administrator(request), user=user, today=today)
            except Refused as refusal:
                self.message_user(request, f"{user}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{user} kan inte längre logga in.", messages.SUCCESS)


@admin.register(Letter)
class LetterAdmin(KeptAdmin):
    """Read only: what was written to whom, and what became of it."""

    list_display = ("recipient", "subject", "kind", "written_at", "sent_at", "failure", "bounced_at")
    list_filter = ("kind", ("failed_at", admin.EmptyFieldListFilter), ("bounced_at", admin.EmptyFieldListFilter))
    search_fields = ("recipient", "subject")
    ordering = ("-pk",)
    exclude = ("html",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class MembershipForm(AnyForm):
    class Meta:
        model = Membership
        fields = ("user", "organisation", "role")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        user, organisation, role = (typed.get(field) for field in self.Meta.fields)
        if role and organisation and not fits(Role(role), organisation.kind):
            self.add_error("role", f"Rollen {Role(role).label} passar inte i {organisation.name}.")
        elif user and not user.is_active:
            self.add_error("user", "Inloggningen är stängd.")
        elif Membership.objects.filter(user=user, organisation=organisation, role=role, to_date=None).exists():
            self.add_error("role", "Personen har redan den rollen i organisationen.")
        return typed


@admin.register(Membership)
class MembershipAdmin(KeptAdmin):
    """Roles are given and ended; a role that has been given is never edited."""

    form = MembershipForm
    list_display = ("user", "organisation", "role", "from_date", "to_date")
    list_filter = ("role", ("to_date", admin.EmptyFieldListFilter))
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "user__email", "organisation__name")
    autocomplete_fields = ("user", "organisation")
    ordering = ("-from_date", "-pk")
    actions = ("end",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        typed, by = form.cleaned_data, administrator(request)
        user, organisation, role = typed["user"], typed["organisation"], Role(typed["role"])
        obj.pk = actions.give_role(
            by=by, user=user, organisation=organisation, role=role, today=timezone.localdate()
        ).pk

    @admin.action(description="Avsluta valda roller från och med i dag")
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        rows = queryset.filter(to_date=None).select_related("user", "organisation").order_by("pk")
        for membership in rows:
            try:
                actions.end_role(by=administrator(request), membership=membership, today=timezone.localdate())
            except Refused as refusal:
                self.message_user(request, f"{membership}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{membership.user}: {membership} är avslutad.", messages.SUCCESS)
