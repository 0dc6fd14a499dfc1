/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"
#include "run/offers.h"
#include "run/undo.h"
#include "virt/migrate.h"
#include "virt/template.h"

#define NAME "migcost-trial"
#define MEMORY_BYTES (96 * MIG_MIB)

static MigGuest *
start_trial (const MigRunHost *host, GError **error)
{
  MigTemplateValues values = { .name = NAME,
                               .owner = "trial",
                               .memory_bytes = MEMORY_BYTES,
                               .kernel = host->kernel,
                               .initrd = host->initrd,
                               .arguments = "idle",
                               .emulator = host->emulator };
  g_autofree char *xml = mig_template_fill (host->template_file, &values, error);
  return xml ? mig_guest_start (host->host, xml, error) : NULL;
}

/* The guest is not resumed, so that its memory is empty and it is over in a moment; only post-copy wants one
 * that runs. */
static gboolean
try_technique (const MigStudy *variant, const GPtrArray *hosts, char **why_not, GError **error)
{
  const MigRunHost *from = hosts->pdata[0], *to = hosts->pdata[1];
  g_autoptr (MigGuest) guest = start_trial (from, error);
  g_autoptr (GError) refused = NULL;

  if (!guest || (variant->technique == MIG_TECHNIQUE_POST_COPY && !mig_guest_resume (guest, error)))
    return FALSE;
  MigMigrateOptions options = { .migrate_uri = to->migrate_uri,
                                .listen_address = to->listen_address,
                                .technique = variant->technique,
                                .connections = variant->connections,
                                .cache_bytes = variant->cache_bytes,
                                .throttle_initial = variant->throttle_initial,
                                .throttle_increment = variant->throttle_increment };
  g_autoptr (MigJob) job = mig_job_new (guest, to->host, error);
  if (!job)
    return FALSE;
  g_autoptr (MigGuest) moved = mig_job_run (job, &options, NULL, &refused);
  if (!moved)
    *why_not = g_strdup (refused->message);
  return mig_guest_destroy (moved ? moved : guest, error);
}

static gboolean
try_all (const MigStudy *study, const GPtrArray *hosts, MigOffers *offers, GError **error)
{
  gboolean tried[MIG_N_TECHNIQUES] = { [MIG_TECHNIQUE_PRE_COPY] = TRUE };

  for (guint i = 0; i < mig_study_n_variants (study); i++)
    {
      const MigStudy *variant = mig_study_variant (study, i);
      const MigTechniqueInfo *info = mig_technique_info (variant->technique);
      if (tried[variant->technique] || info->not_offered)
        continue;
      tried[variant->technique] = TRUE;
      mig_debug ("trying technique '%s' with a small guest", info->name);
      if (!try_technique (variant, hosts, &offers->why_not[variant->technique], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
wanted (const MigStudy *study)
{
  for (guint i = 0; i < mig_study_n_variants (study); i++)
    {
      MigTechnique technique = mig_study_variant (study, i)->technique;
      if (technique != MIG_TECHNIQUE_PRE_COPY && !mig_technique_info (technique)->not_offered)
        return TRUE;
    }
  return FALSE;
}

gboolean
mig_offers_find (const MigStudy *study, const GPtrArray *hosts, MigOffers *offers, GError **error)
{
  g_autoptr (MigUndo) undo = NULL;
  guint id;

  if (!wanted (study))
    return TRUE;
  undo = mig_undo_new (error);
  if (!undo)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (!mig_undo_push_domain (undo, ((MigRunHost *) hosts->pdata[i])->host, NAME, NULL, &id, error))
      return FALSE;
  gboolean ok = try_all (study, hosts, offers, error);
  return mig_undo_all (undo, ok ? error : NULL) && ok;
}

void
mig_offers_clear (MigOffers *offers)
{
  for (guint i = 0; i < MIG_N_TECHNIQUES; i++)
    g_clear_pointer (&offers->why_not[i], g_free);
}
