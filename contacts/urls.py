"""The doors to people: the way in and out, organisations, contact points, who may do what."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from contacts.views import (
    confirming,
    contact_points,
    holders,
    organisations,
    permissions,
    personal_links,
    proving,
)
from contacts.views.login import Login

urlpatterns: list[URLPattern | URLResolver] = [
    path("logga-in/", Login.as_view(), name="login"),
    # open, so that logging out after the session has ended is not answered with a demand to log in
    path("logga-ut/", login_not_required(LogoutView.as_view()), name="logout"),
    path("min-organisation/", organisations.my_organisation, name="my_organisation"),
    path("organisationer/", organisations.organisation_list, name="organisation_list"),
    path("organisationer/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisationer/<int:pk>/kontaktytor/ny/", contact_points.contact_point_add, name="contact_point_add"),
    path("kontaktytor/<int:pk>/", contact_points.contact_point, name="contact_point"),
    path("kontaktytor/<int:pk>/andra/", contact_points.contact_point_change, name="contact_point_change"),
    path("kontaktytor/<int:pk>/innehavare/", holders.holder_change, name="holder_change"),
    path("kontaktytor/<int:pk>/avsluta/", contact_points.contact_point_end, name="contact_point_end"),
    path("kontaktytor/<int:pk>/bekrafta/", contact_points.contact_point_confirm, name="contact_point_confirm"),
    path("bekrafta/", proving.prove, name="prove"),
    # open, so that the secret leaves the address before anybody logs in; config.logs keeps it out of the logs
    path("lank/<str:secret>/", personal_links.link, name="link"),
    path("lank/", personal_links.link_open, name="link_open"),
    path("bekrafta/<str:token>/", confirming.confirm_by_link, name="confirm_by_link"),
    path("bekraftat/", confirming.confirmed_by_link, name="confirmed_by_link"),
    path("behorigheter/", permissions.permissions, name="permissions"),
]
