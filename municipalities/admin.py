"""Reference data for the administrator: facts can be corrected, identities are fixed, nothing is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from municipalities.actions import note_change
from municipalities.models import County, Municipality, MunicipalityGroup, Organisation, ReferenceRevision

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Model]
else:
    AnyAdmin = admin.ModelAdmin


class SiteAdmin(AnyAdmin):
    """Whoever the site lets in sees these tables: the ground knows neither users nor roles."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class GroundAdmin(SiteAdmin):
    """Saving tells the kept pictures of the country; what identifies a row is written once."""

    identity: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.identity if obj else ()

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        note_change(f"{obj._meta.verbose_name}: {obj}")


class NamedAdmin(GroundAdmin):
    """Rows found by a name as people type it: a municipality shares its organisation's key."""

    search_fields = ("pk",)
    search_help_text = "Sök på namn; å, ä och ö kan skrivas som a och o."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.filter(pk__in=Organisation.objects.matching(search_term).values("pk")), False


@admin.register(Organisation)
class OrganisationAdmin(NamedAdmin):
    identity = ("kind", "side")
    list_display = ("name", "short_name", "kind", "org_number", "mail_domain")
    list_filter = ("kind",)
    ordering = ("kind", "sort_key")
    raw_id_fields = ("parent",)


@admin.register(Municipality)
class MunicipalityAdmin(NamedAdmin):
    identity = ("organisation", "code")
    list_display = ("organisation", "code", "county", "group", "population", "valid_from", "valid_to")
    list_filter = ("county", "group")
    list_select_related = ("organisation", "county", "group")
    ordering = ("organisation__sort_key",)
    raw_id_fields = ("organisation", "successor")


@admin.register(County)
class CountyAdmin(GroundAdmin):
    identity = ("code",)
    list_display = ("code", "name", "af_region")
    list_select_related = ("af_region",)
    raw_id_fields = ("af_region",)


@admin.register(MunicipalityGroup)
class MunicipalityGroupAdmin(GroundAdmin):
    identity = ("code",)
    list_display = ("code", "name")


@admin.register(ReferenceRevision)
class ReferenceRevisionAdmin(SiteAdmin):
    list_display = ("at", "what")
