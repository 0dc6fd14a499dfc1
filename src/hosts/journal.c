/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/journal.h"
#include "virt/pin.h"

#define MAX_CPUS 8192

static gboolean
is_name (const char *value)
{
  return *value != '\0';
}

/* One '0' or '1' per CPU, and at least one CPU left to run on. */
static gboolean
is_cpu_map (const char *value)
{
  gsize length = strlen (value);
  return length <= MAX_CPUS && strspn (value, "01") == length && strchr (value, '1');
}

/* A map for each vCPU. */
static gboolean
are_cpu_maps (const char *value)
{
  g_auto (GStrv) maps = g_strsplit (value, ",", -1);
  gboolean ok = maps[0] != NULL;

  for (guint i = 0; ok && maps[i]; i++)
    ok = is_cpu_map (maps[i]);
  return ok;
}

/* NAME UUID; a name may have spaces. */
static gboolean
is_domain (const char *value)
{
  const char *space = strrchr (value, ' ');
  return space && space > value && g_uuid_string_is_valid (space + 1);
}

/* UUID MAPS [NAME] */
static gboolean
is_guest_pin (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, " ", 3);
  return parts[0] && parts[1] && g_uuid_string_is_valid (parts[0]) && mig_pins_are_valid (parts[1]);
}

/* UUID NS NAME */
static gboolean
is_max_downtime (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, " ", 3);
  return parts[0] && parts[1] && g_uuid_string_is_valid (parts[0]) &&
         g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXINT64, NULL, NULL);
}

/* PLACE/VOLUME [MARK]; a place may be a directory. */
static gboolean
is_volume (const char *value)
{
  const char *slash = strrchr (value, '/');
  return slash && slash > value && slash[1] != '\0';
}

static const struct {
  const char *name;
  gboolean (*is_value) (const char *value);
} kinds[MIG_N_CHANGES] = {
  [MIG_CHANGE_DOMAIN] = { "domain", is_domain },
  [MIG_CHANGE_MANAGEMENT_PIN] = { "management-pin", are_cpu_maps },
  [MIG_CHANGE_UPLOAD] = { "upload", is_volume },
  [MIG_CHANGE_POOL] = { "pool", is_name },
  [MIG_CHANGE_GUEST_PIN] = { "guest-pin", is_guest_pin },
  [MIG_CHANGE_MAX_DOWNTIME] = { "max-downtime", is_max_downtime },
};

const char *
mig_change_name (MigChangeKind kind)
{
  return kinds[kind].name;
}

/* without_mark: a place may have spaces. */
static char *
without_mark (const char *volume)
{
  const char *slash = strrchr (volume, '/');
  const char *space = slash ? strchr (slash, ' ') : NULL;

  return space ? g_strndup (volume, space - volume) : g_strdup (volume);
}

char *
mig_journal_value_text (MigChangeKind kind, const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, " ", 3);

  if (kind == MIG_CHANGE_UPLOAD)
    return without_mark (value);
  if ((kind == MIG_CHANGE_GUEST_PIN || kind == MIG_CHANGE_MAX_DOWNTIME) && parts[0])
    return parts[1] && parts[2] ? g_strdup_printf ("%s %s", parts[2], parts[0])
                                : g_strdup (parts[0]);
  return g_strdup (value);
}

char *
mig_journal_did (guint id, MigChangeKind kind, const char *uri, const char *value)
{
  return g_strdup_printf ("did\t%u\t%s\t%s\t%s\n", id, kinds[kind].name, uri, value);
}

char *
mig_journal_undid (guint id)
{
  return g_strdup_printf ("undid\t%u\n", id);
}

/* fields: of one line; id is set where it is of a known form, and kind where it is a change. */
static gboolean
understand (char **fields, guint *id, int *kind)
{
  guint n = g_strv_length (fields);
  guint64 number;

  if (n < 2 || !g_ascii_string_to_unsigned (fields[1], 10, 1, G_MAXUINT, &number, NULL))
    return FALSE;
  *id = (guint) number;
  *kind = -1;
  if (n == 2)
    return strcmp (fields[0], "undid") == 0;
  if (n != 5 || strcmp (fields[0], "did") != 0 || *fields[3] == '\0')
    return FALSE;
  for (guint k = 0; k < MIG_N_CHANGES; k++)
    if (strcmp (fields[2], kinds[k].name) == 0 && kinds[k].is_value (fields[4]))
      *kind = (int) k;
  return *kind >= 0;
}

void
mig_journal_read (const char *text, MigChangeFunc func, gpointer data)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GHashTable) undone = g_hash_table_new (NULL, NULL);
  guint id;
  int kind;

  /* from the end: a change is told undone before it is seen. The last piece has no line break:
   * empty, or a line that was being written. */
  guint n = MAX (g_strv_length (lines), 1) - 1;
  g_autofree gboolean *standing = g_new0 (gboolean, n + 1);
  for (guint i = n; i > 0; i--)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i - 1], "\t", 6);
      if (!understand (fields, &id, &kind))
        continue;
      if (kind < 0)
        g_hash_table_add (undone, GUINT_TO_POINTER (id));
      else
        standing[i - 1] = !g_hash_table_remove (undone, GUINT_TO_POINTER (id));
    }
  for (guint i = 0; i < n; i++)
    if (standing[i])
      {
        g_auto (GStrv) fields = g_strsplit (lines[i], "\t", 6);
        if (understand (fields, &id, &kind))
          func (id, (MigChangeKind) kind, fields[3], fields[4], data);
      }
}
