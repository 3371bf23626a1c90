from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0004_calendars_and_contacts'),
    ]

    operations = [
        migrations.AddField(
            model_name='vendorapp',
            name='refusal_told_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
