/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "results/cell.h"
#include "results/table-reader.h"
#include "tests/fuzz/fuzz.h"

typedef struct {
  MigTable table;
  GString *out; /* CSV of the rows */
} Copy;

static gboolean
copy_row (gconstpointer record, gpointer data, GError **error)
{
  Copy *copy = data;
  const MigTableInfo *info = mig_table_info (copy->table);

  for (guint i = 0; i < info->n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (copy->out, ',');
      mig_cell_write (copy->out, &info->columns[i], record);
    }
  g_string_append_c (copy->out, '\n');
  return TRUE;
}

static gboolean
read_and_write (MigTable table, const uint8_t *data, size_t size, GString *out)
{
  const MigTableInfo *info = mig_table_info (table);
  g_autoptr (GError) error = NULL;
  Copy copy = { table, out };
  int fd;

  for (guint i = 0; i < info->n_columns; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "," : "", info->columns[i].name);
  g_string_append_c (out, '\n');
  fuzz_file (data, size, &fd);
  gboolean ok = mig_table_read (fd, table, "table.csv", copy_row, &copy, &error);
  fuzz_file_close (fd);
  g_assert (ok == (error == NULL));
  return ok;
}

/* A table of a result directory; the first byte says which. What was read and written reads back as
 * the same, once writing has made it tidy (control characters become spaces). */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GString) once = g_string_new (NULL);
  g_autoptr (GString) twice = g_string_new (NULL);
  g_autoptr (GString) thrice = g_string_new (NULL);

  if (size == 0)
    return 0;
  MigTable table = (MigTable) (data[0] % MIG_N_TABLES);
  if (!read_and_write (table, data + 1, size - 1, once))
    return 0;
  g_assert (read_and_write (table, (const uint8_t *) once->str, once->len, twice));
  g_assert (read_and_write (table, (const uint8_t *) twice->str, twice->len, thrice));
  g_assert_cmpstr (twice->str, ==, thrice->str);
  return 0;
}
