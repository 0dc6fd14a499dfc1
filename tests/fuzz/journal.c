/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/journal.h"
#include "tests/fuzz/fuzz.h"

static void
write_again (guint id, MigChangeKind kind, const char *uri, const char *value, gpointer data)
{
  g_autofree char *line = mig_journal_did (id, kind, uri, value);
  g_assert (id > 0 && *uri && *value);
  g_string_append (data, line);
}

/* An undo journal. What it says is still to be undone, written as a journal, says the same. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GString) once = g_string_new (NULL);
  g_autoptr (GString) twice = g_string_new (NULL);

  mig_journal_read (text, write_again, once);
  mig_journal_read (once->str, write_again, twice);
  g_assert_cmpstr (once->str, ==, twice->str);
  return 0;
}
