"""The site map: one include per app. The public pages come last, because they take /<custom-url>."""

from django.urls import include, path

from bridge import developers, views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/zoom", views.help_zoom, name="help_zoom"),
    path("help/organization-zoom", views.help_organization_zoom, name="help_organization_zoom"),
    path("developers", developers.guide, name="developers"),
    path("developers/reference", developers.reference, name="developers_reference"),
    path("developers/webhooks", developers.webhooks, name="developers_webhooks"),
    path("developers/errors", developers.errors, name="developers_errors"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", include("accounts.urls")),
    path("", include("scheduling.api.urls")),
    path("", include("scheduling.urls")),  # its page of the room stands among the integrations'
    path("", include("integrations.urls")),
    path("", include("scheduling.urls_public")),
]
