from django.urls import path

from integrations.views import authorization, conferencing

urlpatterns = [
    path("account/conferencing", conferencing.page, name="conferencing"),
    path("account/conferencing/add", conferencing.add, name="add_conferencing"),
    path("account/conferencing/default", conferencing.make_default, name="make_default"),
    path("account/conferencing/<uuid:uid>/disconnect", conferencing.disconnect, name="disconnect"),
    path("connect/<slug:provider>", authorization.connect, name="connect"),
    path("connect/<slug:provider>/callback", authorization.callback, name="connect_callback"),
]
