from django.urls import path

from integrations.views import authorization, conferencing, vendor_apps

urlpatterns = [
    path("account/conferencing", conferencing.page, name="conferencing"),
    path("account/conferencing/add", conferencing.add, name="add_conferencing"),
    path("account/conferencing/default", conferencing.make_default, name="make_default"),
    path("account/conferencing/<uuid:uid>/disconnect", conferencing.disconnect, name="disconnect"),
    path("o/<slug:organization>/integrations/<slug:provider>/apps", vendor_apps.page, name="vendor_apps"),
    path("o/<slug:organization>/integrations/<slug:provider>/apps/<slug:kind>", vendor_apps.edit, name="vendor_app"),
    path(
        "o/<slug:organization>/integrations/<slug:provider>/apps/<slug:kind>/check",
        vendor_apps.check,
        name="vendor_app_check",
    ),
    path(
        "o/<slug:organization>/integrations/<slug:provider>/apps/<slug:kind>/remove",
        vendor_apps.remove,
        name="vendor_app_remove",
    ),
    path("connect/<slug:provider>", authorization.connect, name="connect"),
    path("connect/<slug:provider>/callback", authorization.callback, name="connect_callback"),
]
