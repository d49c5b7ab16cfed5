"""All doors on one page."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

from config import views

urlpatterns = [
    path("halsa", views.health, name="health"),
    path("admin/", admin.site.urls),
]
if settings.BENCH:
    urlpatterns += [path("_matt/bar", views.bare, name="bare")]
