/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"
#include "check/technique-probe.h"
#include "check/route.h"
#include "check/probe-guest.h"
#include "hosts/undo.h"
#include "virt/migrate.h"

typedef struct {
  const MigRunHost *from, *to;
} Pair;

static gboolean
try_way (const MigStudy *variant, const Pair *pair, MigUndo *undo, char **why_not, GError **error)
{
  const MigRunHost *from = pair->from, *to = pair->to;
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = mig_probe_guest_name (uuid);
  g_autoptr (MigGuest) guest = NULL;
  g_autoptr (GError) refused = NULL;
  guint id;

  if (!mig_undo_push_domain (undo, from->host, name, uuid, &id, error) ||
      !mig_undo_push_domain (undo, to->host, name, uuid, &id, error) ||
      !(guest = mig_probe_guest_start (from, uuid, variant->technique == MIG_TECHNIQUE_POST_COPY,
                                       error)))
    return FALSE;
  MigMigrateOptions options = { .migrate_uri = to->migrate_uri,
                                .listen_address = to->listen_address,
                                .peer_uri = variant->peer_to_peer ? to->peer_uri : NULL,
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

gboolean
mig_technique_support_wanted (const MigStudy *variant)
{
  return !mig_technique_info (variant->technique)->not_offered &&
         (variant->technique != MIG_TECHNIQUE_PRE_COPY || variant->peer_to_peer);
}

static gboolean
try_all (const MigStudy *study, const GArray *pairs, MigUndo *undo, MigTechniqueSupport *support,
         GError **error)
{
  gboolean tried[MIG_N_TECHNIQUES][2] = { { FALSE } };

  for (guint i = 0; i < mig_study_n_variants (study); i++)
    {
      const MigStudy *variant = mig_study_variant (study, i);
      guint control = variant->peer_to_peer ? 1 : 0;
      char **why_not = &support->why_not[variant->technique][control];
      if (tried[variant->technique][control] || !mig_technique_support_wanted (variant))
        continue;
      tried[variant->technique][control] = TRUE;
      for (guint p = 0; p < pairs->len && !*why_not; p++)
        {
          const Pair *pair = &g_array_index (pairs, Pair, p);
          mig_debug ("trying technique '%s'%s with a small guest, from host '%s' to '%s'",
                     mig_technique_info (variant->technique)->name, control ? " peer-to-peer" : "",
                     pair->from->study->name, pair->to->study->name);
          if (!try_way (variant, pair, undo, why_not, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* The way there stands for the way back. */
static GArray *
find_pairs (const MigStudy *study, const GPtrArray *hosts)
{
  g_autoptr (GArray) routes = mig_route_pairs (study, NULL);
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));

  for (guint i = 0; i < routes->len; i++)
    {
      const MigRoutePair *route = &g_array_index (routes, MigRoutePair, i);
      Pair pair = { mig_run_host_find (hosts, route->from), mig_run_host_find (hosts, route->to) };
      gboolean known = !pair.from || !pair.to;
      for (guint p = 0; p < pairs->len && !known; p++)
        known = g_array_index (pairs, Pair, p).from == pair.to &&
                g_array_index (pairs, Pair, p).to == pair.from;
      if (!known)
        g_array_append_val (pairs, pair);
    }
  return pairs;
}

static gboolean
wanted (const MigStudy *study)
{
  for (guint i = 0; i < mig_study_n_variants (study); i++)
    if (mig_technique_support_wanted (mig_study_variant (study, i)))
      return TRUE;
  return FALSE;
}

gboolean
mig_technique_support_find (const MigStudy *study, const GPtrArray *hosts,
                            MigTechniqueSupport *support, GError **error)
{
  g_autoptr (MigUndo) undo = NULL;

  if (!wanted (study))
    return TRUE;
  undo = mig_undo_new (error);
  if (!undo)
    return FALSE;
  g_autoptr (GArray) pairs = find_pairs (study, hosts);
  gboolean ok = try_all (study, pairs, undo, support, error);
  return mig_undo_all (undo, ok ? error : NULL) && ok;
}

void
mig_technique_support_clear (MigTechniqueSupport *support)
{
  for (guint i = 0; i < MIG_N_TECHNIQUES; i++)
    for (guint control = 0; control < 2; control++)
      g_clear_pointer (&support->why_not[i][control], g_free);
}
