/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/xml.h"
#include "study/read.h"

/* The scale of a study: what can have one. */

gboolean
mig_read_scale (MigStudy *study, const xmlNode *root, GError **error)
{
  g_autofree char *text = mig_node_attribute (root, "scale");
  g_autoptr (GError) cause = NULL;

  if (!text)
    return TRUE;
  g_strstrip (text);
  if (!mig_scale_parse (text, &study->scale_ratio, &cause))
    return mig_node_error (error, root, "scale of study: %s", cause->message);
  if (study->scale_ratio < 1)
    study->scale = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
check_guest (const MigStudy *study, const MigStudyGuest *guest, const xmlNode *root, GError **error)
{
  if (guest->existing)
    return mig_xml_error (error, root->doc->_private, guest->line,
                          "scale='%s' of study cannot be had: migcost does not change existing "
                          "guests, like '%s'; expected guests that it starts, or no scale",
                          study->scale, guest->name);
  if (guest->memory_bytes >= MIG_SCALE_LEAST_MEMORY_BYTES)
    return TRUE;
  return mig_xml_error (error, root->doc->_private, guest->line,
                        "at scale %s guest '%s' has %" G_GUINT64_FORMAT
                        " MiB, too little to boot; expected at least %" G_GUINT64_FORMAT
                        " MiB: use a larger scale, or give it more memory",
                        study->scale, guest->name, guest->memory_bytes / MIG_MIB,
                        MIG_SCALE_LEAST_MEMORY_BYTES / MIG_MIB);
}

gboolean
mig_read_check_scale (const MigStudy *study, const xmlNode *root, GError **error)
{
  if (!study->scale)
    return TRUE;
  for (guint i = 0; i < study->guests->len; i++)
    if (!check_guest (study, study->guests->pdata[i], root, error))
      return FALSE;
  for (guint i = 0; i < study->cases->len; i++)
    {
      const MigStudyCase *predicted = study->cases->pdata[i];
      if (predicted->prediction)
        return mig_xml_error (error, root->doc->_private, predicted->line,
                              "scale='%s' of study beside a prediction of case '%s', which is one "
                              "of full size; expected one of the two",
                              study->scale, predicted->label);
    }
  return TRUE;
}
