/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "execute/live.h"
#include "lab/lab.h"
#include "virt/loop.h"

/* A name goes up to the first '=' that stands before all of a URI's own signs. */
void
mig_plan_live_split (const char *text, guint index, char **name, const char **uri)
{
  gsize length = strcspn (text, "=:/?");

  if (length > 0 && text[length] == '=')
    {
      *name = g_strndup (text, length);
      *uri = text + length + 1;
      return;
    }
  *name = g_strdup_printf ("host%u", index + 1);
  *uri = text;
}

/* has_certificates: FALSE: it is a lab's host without; of others QEMU says so when it migrates. */
static gboolean
has_certificates (const char *name, const char *uri, GError **error)
{
  g_autoptr (MigLabHost) lab_host = mig_lab_find_host (uri);

  if (!lab_host || !lab_host->tls_why_not)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
               "--tls: the lab of host '%s' has no certificates: %s; then start the lab again, or "
               "leave out --tls",
               name, lab_host->tls_why_not);
  return FALSE;
}

static gboolean
add_host (GPtrArray *hosts, const char *text, gboolean tls, GError **error)
{
  g_autofree char *name = NULL;
  const char *uri = NULL;

  mig_plan_live_split (text, hosts->len, &name, &uri);
  for (guint i = 0; i < hosts->len; i++)
    if (strcmp (mig_host_name (hosts->pdata[i]), name) == 0)
      {
        g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                     "--host: two hosts are named '%s'; give each its own name", name);
        return FALSE;
      }
  if (tls && !has_certificates (name, uri, error))
    return FALSE;
  MigHost *host = mig_host_open (name, uri, error);
  if (host)
    g_ptr_array_add (hosts, host);
  return host != NULL;
}

static MigSurvey *
survey_all (char **texts, const char *link, const MigMigrationFlags *flags, GError **error)
{
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_host_free);

  for (guint i = 0; texts[i]; i++)
    if (!add_host (hosts, texts[i], flags->tls, error))
      return NULL;
  return mig_survey (hosts, link, flags, error);
}

MigSurvey *
mig_plan_live (char **hosts, const char *link, const MigMigrationFlags *flags, GError **error)
{
  guint64 rate;

  if (link && !mig_error_of_option (mig_units_parse_rate (link, &rate, error), "link", error))
    return NULL;
  if (!mig_loop_start (error))
    return NULL;
  MigSurvey *survey = survey_all (hosts, link, flags, error);
  mig_loop_stop ();
  return survey;
}

gboolean
mig_plan_live_lower_bound (const MigSurvey *survey, const MigModel *model, const MigFleet *fleet,
                           const MigOrder *best, MigOrder *order)
{
  if (g_hash_table_size (survey->seen) == 0)
    return FALSE;
  g_autoptr (MigFleet) seen = mig_fleet_copy (fleet);
  for (guint i = 0; i < seen->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (seen->vms, MigFleetVm, i);
      const gint64 *bytes = g_hash_table_lookup (survey->seen, vm->name);
      if (bytes)
        vm->wss_bytes = (double) *bytes;
    }
  *order = (MigOrder){ .name = best->name,
                       .moves = g_array_copy (best->moves),
                       .waits = best->waits ? g_array_ref (best->waits) : NULL,
                       .parked = best->parked };
  mig_order_evaluate (order, model, seen);
  return TRUE;
}
