"""A seventeenth byte in an outlook: what a dial has to promise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followups", "0006_burden_in_the_database")]

    operations = [
        migrations.AlterField(model_name="outlook", name="chances", field=models.BinaryField(max_length=17))
    ]
