/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "base/log.h"
#include "check/technique-probe.h"
#include "check/route.h"
#include "check/probe-guest.h"
#include "hosts/undo.h"
#include "virt/migrate.h"
#include "virt/domain-xml.h"

typedef struct {
  const MigRunHost *from, *to;
} Pair;

/* One way to migrate: that of a variant. */
typedef struct {
  const MigStudy *variant; /* the first that names it */
  char *why_not;           /* NULL: offered */
} Way;

static void
way_free (gpointer data)
{
  Way *way = data;
  g_free (way->why_not);
  g_free (way);
}

/* may_end_by_post_copy: its migrations are prepared for it from their start, so they may be refused
 * long before their timeout. */
static gboolean
may_end_by_post_copy (const MigStudy *variant)
{
  return variant->flags.at_timeout == MIG_TIMEOUT_POST_COPY;
}

/* plain: what every driver has. */
static gboolean
is_plain (const MigStudy *variant)
{
  return variant->technique == MIG_TECHNIQUE_PRE_COPY && !variant->peer_to_peer &&
         !variant->flags.tls && !may_end_by_post_copy (variant);
}

/* copies_disks: then the small guest has none: nobody's disks are to be copied for a trial. */
static gboolean
copies_disks (const MigStudy *variant)
{
  return variant->flags.storage != MIG_STORAGE_STAYS;
}

/* is_same_way: values of parameters count too: one may be refused and another not. */
static gboolean
is_same_way (const MigStudy *one, const MigStudy *other)
{
  return one->technique == other->technique && one->peer_to_peer == other->peer_to_peer &&
         one->flags.tls == other->flags.tls && one->flags.unsafe == other->flags.unsafe &&
         may_end_by_post_copy (one) == may_end_by_post_copy (other) &&
         copies_disks (one) == copies_disks (other) && one->connections == other->connections &&
         one->cache_bytes == other->cache_bytes &&
         one->throttle_initial == other->throttle_initial &&
         one->throttle_increment == other->throttle_increment;
}

static Way *
find_way (const GPtrArray *ways, const MigStudy *variant)
{
  for (guint i = 0; i < ways->len; i++)
    if (is_same_way (((Way *) ways->pdata[i])->variant, variant))
      return ways->pdata[i];
  return NULL;
}

/* template_of: the template that the study names for its guests: that of the hosts' choice may name
 * files that they have not. NULL: it names none. The caller frees it. */
static char *
template_of (const MigStudy *study)
{
  const char *name = NULL;

  for (guint i = 0; i < study->guests->len && !name; i++)
    name = ((const MigStudyGuest *) study->guests->pdata[i])->template_name;
  return mig_files_find_template (name);
}

/* boot_there: sets the guest's definition for the destination, where what was uploaded has another
 * name; NULL: it is the same. */
static gboolean
boot_there (MigGuest *guest, const Pair *pair, char **xml, GError **error)
{
  const MigRunHost *to = pair->to;

  *xml = NULL;
  if (!to->kernel || g_strcmp0 (pair->from->kernel, to->kernel) == 0)
    return TRUE;
  g_autofree char *here = mig_guest_xml (guest, TRUE, error);
  *xml = here ? mig_domain_xml_boot (here, to->kernel, to->initrd, error) : NULL;
  return *xml != NULL;
}

/* migrate_probe: variant: whose way; plain: by plain pre-copy instead. */
static gboolean
migrate_probe (const MigStudy *variant, gboolean plain, const Pair *pair, MigUndo *undo,
               char **why_not, GError **error)
{
  const MigRunHost *from = pair->from, *to = pair->to;
  MigMigrateOptions options = { .migrate_uri = to->migrate_uri,
                                .listen_address = to->listen_address,
                                .flags.unsafe = variant->flags.unsafe };
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = mig_probe_guest_name (uuid);
  g_autofree char *template_file = template_of (variant);
  g_autofree char *xml = NULL;
  g_autoptr (MigGuest) guest = NULL;
  g_autoptr (GError) refused = NULL;
  guint id;
  gboolean wants_running = !plain && (variant->technique == MIG_TECHNIQUE_POST_COPY ||
                                      may_end_by_post_copy (variant));

  if (!plain)
    {
      options.peer_uri = variant->peer_to_peer ? to->peer_uri : NULL;
      options.technique = variant->technique;
      options.flags.tls = variant->flags.tls;
      options.flags.at_timeout = variant->flags.at_timeout;
      options.connections = variant->connections;
      options.cache_bytes = variant->cache_bytes;
      options.throttle_initial = variant->throttle_initial;
      options.throttle_increment = variant->throttle_increment;
    }
  mig_debug ("trying technique '%s'%s%s%s with a small guest, from host '%s' to '%s'",
             mig_technique_info (options.technique)->name, options.peer_uri ? " peer-to-peer" : "",
             options.flags.tls ? " by TLS" : "",
             options.flags.at_timeout == MIG_TIMEOUT_POST_COPY ? " prepared for post-copy" : "",
             from->study->name, to->study->name);
  if (!mig_undo_push_domain (undo, from->host, name, uuid, &id, error) ||
      !mig_undo_push_domain (undo, to->host, name, uuid, &id, error) ||
      !(guest = mig_probe_guest_start (from, template_file, uuid, wants_running,
                                       copies_disks (variant), error)) ||
      !boot_there (guest, pair, &xml, error))
    return FALSE;
  options.destination_xml = xml;
  g_autoptr (MigJob) job = mig_job_new (guest, to->host, error);
  if (!job)
    return FALSE;
  g_autoptr (MigGuest) moved = mig_job_run (job, &options, NULL, &refused);
  if (!moved)
    *why_not = g_strdup (refused->message);
  return mig_guest_destroy (moved ? moved : guest, error);
}

/* try_way: between all pairs; where one fails, whether anything would do there. */
static gboolean
try_way (MigTechniqueSupport *support, Way *way, const GArray *pairs, MigUndo *undo, GError **error)
{
  for (guint p = 0; p < pairs->len && !way->why_not; p++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, p);
      if (!migrate_probe (way->variant, FALSE, pair, undo, &way->why_not, error))
        return FALSE;
      if (!way->why_not)
        continue;
      if (is_plain (way->variant))
        support->no_way = g_strdup (way->why_not);
      else if (!migrate_probe (way->variant, TRUE, pair, undo, &support->no_way, error))
        return FALSE;
    }
  return TRUE;
}

/* is_wanted: whether a variant's way has to be tried. */
static gboolean
is_wanted (const MigStudy *study, const GPtrArray *hosts, const MigStudy *variant)
{
  if (mig_technique_info (variant->technique)->not_offered ||
      (variant->flags.tls && mig_hosts_tls_why_not (hosts)))
    return FALSE;
  /* the lab's link is migcost's own; all hosts are the lab's, or none */
  const MigStudyHost *host = study->hosts->pdata[0];
  return !is_plain (variant) || (host->uri && mig_study_starts_guests (study));
}

static gboolean
try_all (const MigStudy *study, const GPtrArray *hosts, const GArray *pairs, MigUndo *undo,
         MigTechniqueSupport *support, GError **error)
{
  for (guint i = 0; i < mig_study_n_variants (study) && !support->no_way; i++)
    {
      const MigStudy *variant = mig_study_variant (study, i);
      g_autoptr (GError) cause = NULL;
      if (!is_wanted (study, hosts, variant) || find_way (support->ways, variant) ||
          (is_plain (variant) && support->untried))
        continue;
      Way *way = g_new0 (Way, 1);
      way->variant = variant;
      g_ptr_array_add (support->ways, way);
      if (try_way (support, way, pairs, undo, &cause))
        continue;
      if (!is_plain (variant))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      /* the study's own guests may start all the same */
      support->untried = g_strdup (cause->message);
      g_ptr_array_remove (support->ways, way);
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
wanted (const MigStudy *study, const GPtrArray *hosts)
{
  for (guint i = 0; i < mig_study_n_variants (study); i++)
    if (is_wanted (study, hosts, mig_study_variant (study, i)))
      return TRUE;
  return FALSE;
}

/* leads_anywhere: some destination chooses by itself where it is sent to: by its own name, which
 * may lead the source to another machine, or to itself. */
static gboolean
leads_anywhere (const MigStudy *study, const GPtrArray *hosts)
{
  const MigStudyHost *first = study->hosts->pdata[0];
  g_autoptr (GArray) pairs = find_pairs (study, hosts);

  for (guint p = 0; p < pairs->len && first->uri; p++)
    if (!g_array_index (pairs, Pair, p).to->migrate_uri)
      return TRUE;
  return FALSE;
}

gboolean
mig_technique_support_find (const MigStudy *study, const GPtrArray *hosts,
                            MigTechniqueSupport *support, GError **error)
{
  g_autoptr (MigUndo) undo = NULL;

  *support = (MigTechniqueSupport){ .ways = g_ptr_array_new_with_free_func (way_free) };
  if (!wanted (study, hosts))
    {
      if (!mig_study_starts_guests (study) && leads_anywhere (study, hosts))
        support->untried = g_strdup ("the study starts none of its own");
      return TRUE;
    }
  undo = mig_undo_new (error);
  if (!undo)
    return FALSE;
  g_autoptr (GArray) pairs = find_pairs (study, hosts);
  gboolean ok = try_all (study, hosts, pairs, undo, support, error);
  return mig_undo_all (undo, ok ? error : NULL) && ok;
}

void
mig_technique_support_clear (MigTechniqueSupport *support)
{
  g_clear_pointer (&support->ways, g_ptr_array_unref);
  g_clear_pointer (&support->no_way, g_free);
  g_clear_pointer (&support->untried, g_free);
}

gboolean
mig_technique_support_knows (const MigTechniqueSupport *support, const MigStudy *variant,
                             const char **why_not)
{
  const Way *way = find_way (support->ways, variant);

  *why_not = way ? way->why_not : NULL;
  return way != NULL;
}
