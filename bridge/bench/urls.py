from django.urls import include, path

from bridge.bench.floor import floor

urlpatterns = [
    path("bench/floor", floor),
    path("", include("bridge.urls")),
]
