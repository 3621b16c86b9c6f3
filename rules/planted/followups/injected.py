# Planted: text that becomes markup, a statement or a program.
def show(note):
    # ruleid: house-markup-trusted
    return mark_safe(note)


def find(cursor, table, code):
    # ruleid: house-sql-built-from-text
    cursor.execute(f"SELECT 1 FROM person WHERE code = '{code}'")
    # ruleid: house-sql-built-from-text
    cursor.execute("SELECT 1 FROM person WHERE code = '%s'" % code)
    # ruleid: house-sql-built-from-text
    cursor.execute(f"SELECT 1 FROM {table} WHERE code = '{code}'")
    # ruleid: house-sql-beside-the-rows
    People.objects.extra(where=[code])
    cursor.execute("SELECT 1 FROM person WHERE code = %s", [code])


def count(cursor, table):
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")


def read(stored):
    # ruleid: house-runs-text
    return pickle.loads(stored)


def start(name):
    # ruleid: house-shell
    subprocess.run(f"touch {name}", shell=True)
    subprocess.run(["touch", name], check=True)
