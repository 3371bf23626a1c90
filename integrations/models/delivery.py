from django.db import models


class WebhookDelivery(models.Model):
    """Something a provider told us, verified, kept once until it is dealt with; its body goes then.

    digest: SHA-256 over app and raw body, by which a second delivery of the same is recognised.
    """

    digest = models.CharField(max_length=64, unique=True)
    provider = models.CharField(max_length=20)
    client_id = models.CharField(max_length=200)
    event = models.CharField(max_length=80)
    sealed_body = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
