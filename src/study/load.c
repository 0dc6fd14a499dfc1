/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/claims.h"
#include "base/xml.h"
#include "study/read.h"
#include "study/schema.h"

/* A study, from its XML. */

static gboolean read_document (MigStudy *study, xmlDoc *doc, gboolean expand, GError **error);

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

static MigStudy *
new_variant (const MigStudy *study, xmlDoc *doc, GError **error)
{
  g_autoptr (MigStudy) variant = mig_study_new ("", 0, study->path);

  doc->_private = variant->path;
  return read_document (variant, doc, FALSE, error) ? g_steal_pointer (&variant) : NULL;
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
  study->claims = mig_node_attribute (root, "claims");
  if (g_strcmp0 (study->claims, MIG_CLAIMS_PAPER) != 0)
    g_clear_pointer (&study->claims, g_free);
  study->description = description ? read_words (mig_node_text (description)) : g_strdup ("");
  return study->name && mig_read_scale (study, root, error) &&
         mig_read_hosts (study, root, error) && mig_read_workloads (study, root, error) &&
         mig_read_guests (study, root, error) && (varies || mig_read_cases (study, root, error)) &&
         mig_read_settings (study, root, error) && mig_read_check_scale (study, root, error) &&
         (!varies || mig_read_variants (study, root, new_variant, error));
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

static void
set_attributes (xmlNode *node, const char *const *attributes)
{
  for (; *attributes; attributes += 2)
    xmlSetProp (node, BAD_CAST attributes[0], BAD_CAST attributes[1]);
}

/* change_migration: the study's <migration>, which may be left out, and what takes its place in
 * experiments. */
static void
change_migration (xmlNode *root, const char *const *attributes)
{
  xmlNode *node = mig_node_next (root->children, "migration");

  set_attributes (node ? node : xmlNewChild (root, NULL, BAD_CAST "migration", NULL), attributes);
  for (xmlNode *experiment = mig_node_next (root->children, "experiment"); experiment;
       experiment = mig_node_next (experiment->next, "experiment"))
    if ((node = mig_node_next (experiment->children, "migration")))
      set_attributes (node, attributes);
}

/* write_changes: into the document and into the text that is kept. */
static void
write_changes (MigStudy *study, xmlDoc *doc, const MigStudyChanges *changes)
{
  xmlNode *root = xmlDocGetRootElement (doc);
  xmlChar *text = NULL;
  int size = 0;

  if (changes->scale)
    xmlSetProp (root, BAD_CAST "scale", BAD_CAST changes->scale);
  if (changes->migration)
    change_migration (root, changes->migration);
  xmlDocDumpMemory (doc, &text, &size);
  g_free (study->xml);
  study->xml = g_strndup ((const char *) text, (gsize) size);
  study->xml_size = (gsize) size;
  xmlFree (text);
}

MigStudy *
mig_study_parse (const char *xml, gsize size, const char *path, GError **error)
{
  return mig_study_parse_changed (xml, size, path, NULL, error);
}

MigStudy *
mig_study_parse_changed (const char *xml, gsize size, const char *path,
                         const MigStudyChanges *changes, GError **error)
{
  g_autoptr (MigStudy) study = NULL;

  if (size > MIG_STUDY_MAX_FILE_BYTES)
    {
      mig_xml_error (error, path, 1, "larger than 1 MiB; expected a study");
      return NULL;
    }
  study = mig_study_new (xml, size, path);
  xmlDoc *doc = mig_xml_parse (study->xml, study->xml_size, study->path, "study", error);
  if (!doc)
    return NULL;
  if (changes && (changes->scale || changes->migration))
    write_changes (study, doc, changes);
  gboolean ok = read_document (study, doc, TRUE, error);
  xmlFreeDoc (doc);
  return ok ? g_steal_pointer (&study) : NULL;
}
