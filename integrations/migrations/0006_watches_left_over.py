import django.db.models.deletion
from django.db import migrations, models


def forget(apps, schema_editor):
    """Nothing is lost: what is not watched is watched anew."""
    apps.get_model("integrations", "Watch").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("integrations", "0005_vendorapp_refusal_told_at")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AddField(
            model_name="watch",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="watches", to="integrations.grant"
            ),
        ),
        migrations.AlterField(
            model_name="watch",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="watches",
                to="integrations.calendar",
            ),
        ),
    ]
