"""Seals, reviews and canaries, guarded from their first row on; the guards there are learn to stop a replacement."""

from django.db import migrations, models

from audit import guards

NEW = ("audit_seal", "audit_review", "audit_canary")


def install_guards(apps, schema_editor):
    connection = schema_editor.connection
    present = set(connection.introspection.table_names())
    guards.install(connection, tuple(table for table in guards.GUARDED if table in present))


def remove_guards(apps, schema_editor):
    guards.remove(schema_editor.connection, NEW)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_words_for_keys_sign_in_and_seals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Canary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_ref', models.UUIDField(unique=True)),
                ('by', models.UUIDField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'canaries',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField()),
                ('by', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('up_to', models.BigIntegerField()),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['week', '-up_to'], name='review_week')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('lo', models.BigIntegerField()),
                ('hi', models.BigIntegerField()),
                ('n', models.PositiveIntegerField()),
                ('gaps', models.JSONField(default=list)),
                ('root', models.BinaryField(max_length=32)),
                ('prev_hash', models.BinaryField(max_length=32)),
                ('mac', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('number',),
                'constraints': [models.CheckConstraint(condition=models.Q(('hi__gte', models.F('lo'))), name='seal_stretch_is_one')],
            },
        ),
        migrations.RunPython(install_guards, remove_guards),
    ]
