/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/probe-options.h"
#include "probe/probe-spec.h"

#define MAX_FILE_BYTES (1 << 20)

/* add: Errors: without where it is. */
static gboolean
add (GHashTable *probes, const char *vm, const char *probe, GError **error)
{
  g_autoptr (MigProbeSpec) spec = mig_probe_spec_parse (probe, FALSE, error);

  if (!spec)
    return FALSE;
  if (!g_hash_table_insert (probes, g_strdup (vm), mig_probe_spec_format (spec)))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "'%s' has two probes; expected one", vm);
      return FALSE;
    }
  if (spec->port == MIG_PROBE_SSH_PORT)
    mig_warning (
        "'%s' is probed at port 22: SSH servers lock out who connects that often; use icmp, "
        "or a port where nothing listens",
        vm);
  return TRUE;
}

/* read_line: a VM, whose name may have spaces in it, and its probe; or nothing. */
static gboolean
read_line (GHashTable *probes, char *line, GError **error)
{
  g_strstrip (line);
  if (!*line || *line == '#')
    return TRUE;
  char *probe = line + strlen (line);
  while (probe > line && !g_ascii_isspace (probe[-1]))
    probe--;
  if (probe == line)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "'%s' is no line of probes; expected a VM and " MIG_PROBE_SPEC_FORMS, line);
      return FALSE;
    }
  g_autofree char *vm = g_strchomp (g_strndup (line, (gsize) (probe - line)));
  return add (probes, vm, probe, error);
}

static gboolean
read_file (GHashTable *probes, const char *path, GError **error)
{
  gsize size;
  g_autofree char *text = mig_files_load (path, "the probes", MAX_FILE_BYTES, &size, error);

  if (!text)
    return FALSE;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (!read_line (probes, lines[i], error))
      {
        g_prefix_error (error, "%s:%u: ", path, i + 1);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_text (GHashTable *probes, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');

  if (!equals || equals == text)
    {
      g_set_error (
          error, MIG_ERROR, MIG_ERROR_USAGE,
          "--probe=%s: expected VM=PROBE or @FILE, with a PROBE like " MIG_PROBE_SPEC_FORMS, text);
      return FALSE;
    }
  g_autofree char *vm = g_strndup (text, (gsize) (equals - text));
  if (add (probes, vm, equals + 1, error))
    return TRUE;
  if (error && *error)
    (*error)->code = MIG_ERROR_USAGE;
  g_prefix_error (error, "--probe: ");
  return FALSE;
}

GHashTable *
mig_probe_options_read (char **texts, GError **error)
{
  g_autoptr (GHashTable) probes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gboolean ok = TRUE;

  for (guint i = 0; texts && texts[i] && ok; i++)
    ok = texts[i][0] == '@' ? read_file (probes, texts[i] + 1, error)
                            : read_text (probes, texts[i], error);
  return ok ? g_steal_pointer (&probes) : NULL;
}
