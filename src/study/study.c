/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/case-builder.h"
#include "base/xml.h"
#include "study/schema.h"

static void
host_free (gpointer data)
{
  MigStudyHost *host = data;
  g_free (host->name);
  g_free (host->uri);
  g_free (host->migrate_uri);
  g_free (host->peer_uri);
  g_free (host->pool);
  g_free (host);
}

static void
workload_free (gpointer data)
{
  MigStudyWorkload *workload = data;
  g_free (workload->name);
  g_free (workload->type);
  g_free (workload);
}

static void
guest_free (gpointer data)
{
  MigStudyGuest *guest = data;
  g_free (guest->name);
  g_free (guest->domain);
  g_free (guest->template_name);
  g_free (guest);
}

static void
parameter_free (gpointer data)
{
  MigStudyParameter *parameter = data;
  g_free (parameter->parameter);
  g_free (parameter->value);
  g_free (parameter);
}

void
mig_study_free (MigStudy *study)
{
  if (!study)
    return;
  g_free (study->name);
  g_free (study->title);
  g_free (study->description);
  g_free (study->path);
  g_free (study->xml);
  g_ptr_array_unref (study->cases);
  g_ptr_array_unref (study->variants);
  g_ptr_array_unref (study->parameters);
  g_ptr_array_unref (study->guests);
  g_ptr_array_unref (study->workloads);
  g_ptr_array_unref (study->hosts);
  g_free (study);
}

static MigStudy *
study_new (const char *xml, gsize size, const char *path)
{
  MigStudy *study = g_new0 (MigStudy, 1);
  study->path = g_strdup (path);
  study->xml = g_malloc (size + 1);
  memcpy (study->xml, xml, size);
  study->xml[size] = '\0';
  study->xml_size = size;
  study->hosts = g_ptr_array_new_with_free_func (host_free);
  study->workloads = g_ptr_array_new_with_free_func (workload_free);
  study->guests = g_ptr_array_new_with_free_func (guest_free);
  study->cases = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_case_free);
  study->variants = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_study_free);
  study->parameters = g_ptr_array_new_with_free_func (parameter_free);
  return study;
}

/* read_words: text with every run of white space as one space. */
static char *
read_words (char *text)
{
  g_auto (GStrv) words = g_strsplit_set (g_strstrip (text), " \t\r\n", -1);
  guint count = 0;

  for (guint i = 0; words[i]; i++)
    if (*words[i])
      words[count++] = words[i];
    else
      g_free (words[i]);
  words[count] = NULL;
  g_free (text);
  return g_strjoinv (" ", words);
}

/* read_study: expand: what experiments and sweeps make of it too. */
static gboolean
read_study (MigStudy *study, const xmlNode *root, gboolean expand, GError **error)
{
  gboolean varies = expand && mig_variants_wanted (root);
  xmlNode *description = mig_node_next (root->children, "description");
  char *title = mig_node_attribute (root, "title");

  study->name = mig_read_name (root, "name", error);
  study->title = title ? read_words (title) : g_strdup (study->name);
  study->description = description ? read_words (mig_node_text (description)) : g_strdup ("");
  return study->name && mig_read_hosts (study, root, error) &&
         mig_read_workloads (study, root, error) && mig_read_guests (study, root, error) &&
         (varies || mig_read_cases (study, root, error)) &&
         mig_read_settings (study, root, error) &&
         (!varies || mig_read_variants (study, root, error));
}

/* Structure first, told by the grammar; then what each value means, told by its reader; where
 * neither finds fault with what the schema refuses, the schema's own message. */
static gboolean
read_document (MigStudy *study, xmlDoc *doc, gboolean expand, GError **error)
{
  g_autoptr (GError) refused = NULL;
  gboolean explained = FALSE;

  if (!mig_schema_check (doc, &explained, &refused) && explained)
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }
  if (!read_study (study, xmlDocGetRootElement (doc), expand, error))
    return FALSE;
  if (!refused)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

MigStudy *
mig_study_new_variant (const MigStudy *study, xmlDoc *doc, GError **error)
{
  g_autoptr (MigStudy) variant = study_new ("", 0, study->path);

  doc->_private = variant->path;
  return read_document (variant, doc, FALSE, error) ? g_steal_pointer (&variant) : NULL;
}

MigStudy *
mig_study_parse (const char *xml, gsize size, const char *path, GError **error)
{
  g_autoptr (MigStudy) study = NULL;

  if (size > MIG_STUDY_MAX_FILE_BYTES)
    {
      mig_xml_error (error, path, 1, "larger than 1 MiB; expected a study");
      return NULL;
    }
  study = study_new (xml, size, path);
  xmlDoc *doc = mig_xml_parse (study->xml, study->xml_size, study->path, "study", error);
  if (!doc)
    return NULL;
  gboolean ok = read_document (study, doc, TRUE, error);
  xmlFreeDoc (doc);
  return ok ? g_steal_pointer (&study) : NULL;
}

/* find_shipped: path of the study of that name; an error with the names there are. */
static char *
find_shipped (const char *name, GError **error)
{
  g_autoptr (GPtrArray) entries = mig_study_list ();
  const MigStudyEntry *entry = mig_read_find (entries, name);

  if (entry)
    return g_strdup (entry->path);
  g_autofree char *names = mig_read_names (entries);
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "unknown study '%s'; expected a file%s%s", name,
               entries->len ? ", or a bundled one: " : " (this installation has no bundled ones)",
               names);
  return NULL;
}

MigStudy *
mig_study_load (const char *file_or_name, GError **error)
{
  gboolean is_path = strchr (file_or_name, '/') || g_str_has_suffix (file_or_name, ".xml") ||
                     g_file_test (file_or_name, G_FILE_TEST_IS_REGULAR);
  g_autofree char *path = is_path ? g_strdup (file_or_name) : find_shipped (file_or_name, error);
  gsize size = 0;
  /* one byte more than a study may have, to see that it is longer */
  g_autofree char *xml = path ? mig_files_load (path, "the study", MIG_STUDY_MAX_FILE_BYTES + 1,
                                                &size, error)
                              : NULL;

  return xml ? mig_study_parse (xml, size, path, error) : NULL;
}

MigStudyHost *
mig_study_find_host (const MigStudy *study, const char *name)
{
  return mig_read_find (study->hosts, name);
}

gboolean
mig_case_moves (const MigStudyCase *study_case, const char *guest)
{
  for (guint s = 0; s < study_case->steps->len; s++)
    {
      const MigStudyStep *step = study_case->steps->pdata[s];
      for (guint m = 0; m < step->moves->len; m++)
        if (strcmp (g_array_index (step->moves, MigStudyMove, m).guest->name, guest) == 0)
          return TRUE;
    }
  return FALSE;
}

gboolean
mig_cases_move (const GPtrArray *cases, const char *guest)
{
  for (guint i = 0; i < cases->len; i++)
    if (mig_case_moves (cases->pdata[i], guest))
      return TRUE;
  return FALSE;
}

gboolean
mig_study_starts_guests (const MigStudy *study)
{
  for (guint i = 0; i < study->guests->len; i++)
    if (!((MigStudyGuest *) study->guests->pdata[i])->existing)
      return TRUE;
  return FALSE;
}

guint
mig_study_n_variants (const MigStudy *study)
{
  return MAX (study->variants->len, 1);
}

MigStudy *
mig_study_variant (const MigStudy *study, guint index)
{
  return study->variants->len ? study->variants->pdata[index] : (MigStudy *) study;
}

const MigStudyParameter *
mig_study_parameter (const MigStudy *variant, const char *name)
{
  return mig_read_find (variant->parameters, name);
}

guint
mig_study_parameter_line (const MigStudy *variant, const char *name, guint line)
{
  const MigStudyParameter *swept = mig_study_parameter (variant, name);
  return swept ? swept->line : line;
}

const MigStudyCase *
mig_study_find_case (const MigStudy *study, const char *label)
{
  return mig_read_find (study->cases, label);
}
