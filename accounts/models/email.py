from django.db import models


class Email(models.Model):
    """One mail as it goes out. Its text is erased once it is sent, unless this is the try-out's mailbox."""

    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class Attachment(models.Model):
    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=80)
    content = models.TextField()

    def __str__(self) -> str:
        return self.name
