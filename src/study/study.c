/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "study/prediction.h"
#include "study/read.h"

void
mig_case_free (MigStudyCase *study_case)
{
  if (!study_case)
    return;
  g_free (study_case->label);
  mig_prediction_free (study_case->prediction);
  g_ptr_array_unref (study_case->steps);
  g_free (study_case);
}

static void
host_free (gpointer data)
{
  MigStudyHost *host = data;
  g_free (host->name);
  g_free (host->uri);
  g_free (host->migrate_uri);
  g_free (host->peer_uri);
  g_free (host->pool);
  g_free (host->disk_pool);
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
  g_free (guest->probe);
  g_free (guest->address);
  g_free (guest->mac);
  g_free (guest->disk_cache);
  g_free (guest->server);
  g_free (guest->cpu_model);
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
  g_free (study->claims);
  g_free (study->scale);
  g_free (study->path);
  g_free (study->xml);
  g_free (study->until);
  g_free (study->network.bridge);
  g_free (study->network.name);
  g_ptr_array_unref (study->cases);
  g_ptr_array_unref (study->variants);
  g_ptr_array_unref (study->parameters);
  g_ptr_array_unref (study->guests);
  g_ptr_array_unref (study->workloads);
  g_ptr_array_unref (study->hosts);
  g_free (study);
}

MigStudy *
mig_study_new (const char *xml, gsize size, const char *path)
{
  MigStudy *study = g_new0 (MigStudy, 1);
  study->path = g_strdup (path);
  study->xml = g_malloc (size + 1);
  memcpy (study->xml, xml, size);
  study->xml[size] = '\0';
  study->xml_size = size;
  study->scale_ratio = 1;
  study->hosts = g_ptr_array_new_with_free_func (host_free);
  study->workloads = g_ptr_array_new_with_free_func (workload_free);
  study->guests = g_ptr_array_new_with_free_func (guest_free);
  study->cases = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_case_free);
  study->variants = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_study_free);
  study->parameters = g_ptr_array_new_with_free_func (parameter_free);
  return study;
}

/* Every object of a study begins with its name and ends with its line. */
typedef struct {
  char *name;
} Named;

gpointer
mig_study_find (const GPtrArray *objects, const char *name)
{
  for (guint i = 0; name && i < objects->len; i++)
    if (strcmp (((Named *) objects->pdata[i])->name, name) == 0)
      return objects->pdata[i];
  return NULL;
}

MigStudyHost *
mig_study_find_host (const MigStudy *study, const char *name)
{
  return mig_study_find (study->hosts, name);
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
mig_study_has_network (const MigStudy *study)
{
  for (guint i = 0; i < study->guests->len; i++)
    if (((const MigStudyGuest *) study->guests->pdata[i])->network)
      return TRUE;
  return FALSE;
}

guint
mig_study_disks (const MigStudy *study)
{
  guint kinds = 0;

  for (guint v = 0; v < mig_study_n_variants (study); v++)
    {
      const MigStudy *variant = mig_study_variant (study, v);
      for (guint i = 0; i < variant->guests->len; i++)
        if (((const MigStudyGuest *) variant->guests->pdata[i])->disk_bytes)
          kinds |= variant->flags.storage == MIG_STORAGE_STAYS ? MIG_DISKS_SHARED
                                                               : MIG_DISKS_COPIED;
    }
  return kinds;
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
  return mig_study_find (variant->parameters, name);
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
  return mig_study_find (study->cases, label);
}
