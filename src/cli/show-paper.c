/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "cli/show-paper.h"
#include "cli/show.h"
#include "report/replication.h"

/* read_place: "Xen=DIR" or "DIR"; a directory of that name is one. */
static gboolean
read_place (MigReplication *replication, const char *place, GError **error)
{
  const char *equals = strchr (place, '='), *slash = strchr (place, '/');
  gboolean named = equals && equals > place && (!slash || equals < slash) &&
                   !g_file_test (place, G_FILE_TEST_IS_DIR);
  g_autofree char *platform = named ? g_strndup (place, (gsize) (equals - place)) : NULL;
  MigLoadedResult *result = mig_loaded_result_read_summary (named ? equals + 1 : place, error);

  if (!result)
    return FALSE;
  mig_replication_add (replication, platform, result);
  return TRUE;
}

static MigReplication *
read_places (char *const *places, GError **error)
{
  g_autoptr (MigReplication) replication = mig_replication_new ();

  for (; *places; places++)
    if (!read_place (replication, *places, error))
      return NULL;
  if (replication->n_testing == 0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "no result here tests the paper's claims; name one of a study with "
                   "claims=\"paper\", such as load-balancing");
      return NULL;
    }
  mig_replication_compare (replication);
  return g_steal_pointer (&replication);
}

/* The documents: a page holds its figures; beside Markdown they lie, where that is a file. */
static const struct {
  const char *name;
  MigMedium medium;
} formats[] = {
  { "text", MIG_MEDIUM_TERMINAL },
  { "markdown", MIG_MEDIUM_MARKDOWN },
  { "html", MIG_MEDIUM_PAGE },
};

static void
append_document (const MigReplication *replication, MigMedium medium, const char *output,
                 GString *out)
{
  g_autofree char *directory = output ? g_strconcat (output, ".figures", NULL) : NULL;
  gboolean beside = medium == MIG_MEDIUM_MARKDOWN && directory;
  g_autofree char *relative = beside ? g_path_get_basename (directory) : NULL;
  g_autoptr (GPtrArray)
      figures = medium == MIG_MEDIUM_PAGE || beside ? mig_replication_figures (replication) : NULL;
  g_autofree char *why_not = figures ? mig_show_figures (figures, directory) : NULL;
  g_autofree char *text = mig_replication_render (replication, medium, why_not ? NULL : figures,
                                                  why_not ? NULL : relative, why_not);
  g_string_append (out, text);
}

gboolean
mig_show_paper (char *const *places, const char *format, const char *output, GString *out,
                GError **error)
{
  gboolean json = strcmp (format, "json") == 0;
  guint i = 0;

  while (!json && i < G_N_ELEMENTS (formats) && strcmp (formats[i].name, format) != 0)
    i++;
  if (i == G_N_ELEMENTS (formats))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "no format '%s' of --paper; expected text, json, markdown or html", format);
      return FALSE;
    }
  g_autoptr (MigReplication) replication = read_places (places, error);
  if (!replication)
    return FALSE;
  if (!json)
    {
      append_document (replication, formats[i].medium, output, out);
      return TRUE;
    }
  g_autofree char *text = mig_replication_json (replication);
  g_string_append (out, text);
  return TRUE;
}
