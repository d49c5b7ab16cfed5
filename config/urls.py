"""All doors on one page."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("halsa", views.health, name="health"),
    path("admin/", admin.site.urls),
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("stilguide/", views.styleguide, name="styleguide"),
    path("", include("contacts.urls")),
    path("", include("agreements.urls")),
    path("", include("nationwide.urls")),
]
if settings.BENCH:
    urlpatterns += [path("_matt/bar", views.bare, name="bare")]
