from django.urls import URLPattern, URLResolver, path

from nationwide import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("nationellt/", views.dashboard, name="dashboard"),
    path("nationellt/kommuner/", views.municipality_list, name="municipality_list"),
    path("nationellt/kommuner.csv", views.municipality_csv, name="municipality_csv"),
    path("nationellt/kommuner.json", views.municipality_json, name="municipality_json"),
]
