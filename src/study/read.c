/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/uri.h>
#include <string.h>

#include "base/xml.h"
#include "study/read.h"

/* The readers of attributes. */

#define NAME_EXPECTED "a letter, then at most 31 letters, digits, '.', '_' or '-'"

/* Every object of a study begins with its name and ends with its line. */
typedef struct {
  char *name;
} Named;

char *
mig_read_names (const GPtrArray *objects)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < objects->len; i++)
    g_string_append_printf (names, "%s'%s'",
                            i == 0                 ? ""
                            : i + 1 < objects->len ? ", "
                                                   : " or ",
                            ((Named *) objects->pdata[i])->name);
  return g_string_free (names, FALSE);
}

gboolean
mig_read_is_name (const char *text)
{
  return g_ascii_isalpha (*text) && strlen (text) <= 32 &&
         strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == strlen (text);
}

char *
mig_read_name (const xmlNode *node, const char *attribute, GError **error)
{
  g_autofree char *name = mig_node_attribute (node, attribute);

  if (!name)
    mig_node_error (error, node, "%s has no attribute '%s'; expected a name", node->name,
                    attribute);
  else if (!mig_read_is_name (name))
    mig_node_error (error, node, "%s='%s' of %s is not a name; expected " NAME_EXPECTED, attribute,
                    name, node->name);
  else
    return g_steal_pointer (&name);
  return NULL;
}

gboolean
mig_read_count (const xmlNode *node, const char *attribute, guint64 min, guint64 max,
                guint64 *value, GError **error)
{
  g_autofree char *text = mig_node_attribute (node, attribute);
  if (!text || g_ascii_string_to_unsigned (text, 10, min, max, value, NULL))
    return TRUE;
  return mig_node_error (
      error, node,
      "%s='%s' of %s is not possible; expected a whole number from %" G_GUINT64_FORMAT
      " to %" G_GUINT64_FORMAT,
      attribute, text, node->name, min, max);
}

/* What the readers of amounts share: the text of the attribute, if any, the parser's own message
 * where it cannot be read, and the smallest value that makes sense. */
static gboolean
complain (const xmlNode *node, const char *attribute, const char *text, const GError *cause,
          const char *least, GError **error)
{
  if (cause)
    return mig_node_error (error, node, "%s of %s: %s", attribute, node->name, cause->message);
  return mig_node_error (error, node, "%s='%s' of %s is too small; expected at least %s", attribute,
                         text, node->name, least);
}

gboolean
mig_read_bytes (const xmlNode *node, const char *attribute, guint64 min, guint64 *bytes,
                GError **error)
{
  g_autofree char *text = mig_node_attribute (node, attribute);
  g_autoptr (GError) cause = NULL;

  if (!text || (mig_units_parse_bytes (text, bytes, &cause) && *bytes >= min))
    return TRUE;
  g_autofree char *least = g_strdup_printf ("%" G_GUINT64_FORMAT " bytes", min);
  return complain (node, attribute, text, cause, least, error);
}

gboolean
mig_read_duration (const xmlNode *node, const char *attribute, gint64 min, gint64 *ns,
                   GError **error)
{
  g_autofree char *text = mig_node_attribute (node, attribute);
  g_autoptr (GError) cause = NULL;

  if (!text || (mig_units_parse_duration (text, ns, &cause) && *ns >= min))
    return TRUE;
  g_autofree char *least = mig_units_format_duration (min);
  return complain (node, attribute, text, cause, least, error);
}

gboolean
mig_read_signed_duration (const xmlNode *node, const char *attribute, gint64 *ns, GError **error)
{
  g_autofree char *text = mig_node_attribute (node, attribute);
  g_autoptr (GError) cause = NULL;
  gboolean negative = text && *text == '-';

  if (!text)
    return TRUE;
  if (!mig_units_parse_duration (text + negative, ns, NULL))
    {
      mig_units_parse_duration (text, ns, &cause); /* fails too, and its message has the whole text
                                                    */
      return complain (node, attribute, text, cause, NULL, error);
    }
  *ns = negative ? -*ns : *ns;
  return TRUE;
}

gboolean
mig_read_rate (const xmlNode *node, const char *attribute, guint64 min, guint64 *bytes_per_s,
               GError **error)
{
  g_autofree char *text = mig_node_attribute (node, attribute);
  g_autoptr (GError) cause = NULL;

  if (!text || (mig_units_parse_rate (text, bytes_per_s, &cause) && *bytes_per_s >= min))
    return TRUE;
  g_autofree char *least = g_strdup_printf ("%" G_GUINT64_FORMAT " B/s", min);
  return complain (node, attribute, text, cause, least, error);
}

gboolean
mig_read_uri (const xmlNode *node, const char *attribute, const char *example, char **uri,
              GError **error)
{
  g_autofree char *text = mig_node_attribute (node, attribute);
  xmlURI *parsed = text ? xmlParseURI (text) : NULL;
  gboolean ok = !text || (parsed && parsed->scheme);

  xmlFreeURI (parsed);
  if (!ok)
    return mig_node_error (error, node, "%s='%s' of %s is not a URI; expected something like '%s'",
                           attribute, text, node->name, example);
  *uri = g_steal_pointer (&text);
  return TRUE;
}

/* unknown: NULL. */
static gpointer
unknown (const xmlNode *node, const char *kind, const char *name, const GPtrArray *objects,
         GError **error)
{
  g_autofree char *expected = mig_read_names (objects);
  mig_node_error (error, node, "%s names an unknown %s '%s'; expected %s", node->name, kind, name,
                  expected);
  return NULL;
}

const MigStudyGuest *
mig_read_guest_named (const MigStudy *study, const xmlNode *node, const char *name, GError **error)
{
  const MigStudyGuest *guest = mig_study_find (study->guests, name);
  return guest ? guest : unknown (node, "guest", name, study->guests, error);
}

const MigStudyHost *
mig_read_host_named (const MigStudy *study, const xmlNode *node, const char *name, GError **error)
{
  const MigStudyHost *host = mig_study_find_host (study, name);
  return host ? host : unknown (node, "host", name, study->hosts, error);
}

gboolean
mig_read_destination (const MigStudy *study, const xmlNode *node, const MigStudyHost **to,
                      GError **error)
{
  g_autofree char *name = mig_node_attribute (node, "to");
  *to = name ? mig_read_host_named (study, node, name, error) : NULL;
  return !name || *to;
}
