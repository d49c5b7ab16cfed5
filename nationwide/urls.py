from django.urls import URLPattern, URLResolver, path

from nationwide.views import disclosing, files, flagged, level, open_data, over_time, public, templates, two_days
from nationwide.views import national as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("nationellt/", views.dashboard, name="dashboard"),
    path("nationellt/jamfor/", two_days.two_days, name="two_days"),
    path("nationellt/jamfor.csv", two_days.two_days_csv, name="two_days_csv"),
    path("nationellt/jamfor.xlsx", two_days.two_days_xlsx, name="two_days_xlsx"),
    path("nationellt/over-tid/", over_time.over_time, name="over_time"),
    path("nationellt/lagsta-niva/", level.national_level, name="national_level"),
    path("nationellt/mallar/", templates.national_templates, name="national_templates"),
    path("nationellt/mallar/lista/", templates.national_template_list, name="national_template_list"),
    path("nationellt/kommuner/", views.municipality_list, name="municipality_list"),
    path("nationellt/kommuner.csv", views.municipality_csv, name="municipality_csv"),
    path("nationellt/kommuner.json", views.municipality_json, name="municipality_json"),
    path("nationellt/kommuner.xlsx", files.municipality_xlsx, name="municipality_xlsx"),
    path("nationellt/karta.svg", files.map_svg, name="map_svg"),
    path("nationellt/karta.png", files.map_png, name="map_png"),
    path("nationellt/flaggor/", flagged.flag_list, name="flag_list"),
    path("nationellt/flaggor.csv", flagged.flag_csv, name="flag_csv"),
    path("nationellt/flaggor.xlsx", flagged.flag_xlsx, name="flag_xlsx"),
    path("nationellt/oppet/", disclosing.public_measures, name="public_measures"),
    path("tackning/", public.coverage, name="public_coverage"),
    path("tackning/<slug:place>/", public.municipality, name="public_municipality"),
    path("oppna-data/", open_data.about, name="open_data"),
    path("oppna-data/tackning/<slug:day>.<slug:kind>", open_data.coverage, name="open_coverage"),
    path("oppna-data/handelser.<slug:kind>", open_data.events, name="open_events"),
    path("oppna-data/katalog", open_data.catalogue, name="catalogue"),
    path("oppna-data/katalog.<slug:form>", open_data.catalogue_file, name="catalogue_file"),
    path("sitemap.xml", open_data.sitemap, name="sitemap"),
    path("robots.txt", open_data.robots, name="robots"),
]
