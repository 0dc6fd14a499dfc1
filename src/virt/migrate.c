/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "virt/internal.h"
#include "virt/migrate.h"

static gboolean
add_options (MigParams *params, const MigMigrateOptions *options)
{
  const struct {
    const char *name, *value;
  } texts[] = {
    { VIR_MIGRATE_PARAM_URI, options->migrate_uri },
    { VIR_MIGRATE_PARAM_LISTEN_ADDRESS, options->listen_address },
    { VIR_MIGRATE_PARAM_DEST_XML, options->destination_xml },
  };
  int allocated = 0;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].value
        && virTypedParamsAddString (&params->values, &params->n, &allocated, texts[i].name, texts[i].value) < 0)
      return FALSE;
  if (!mig_technique_add (params, &allocated, options))
    return FALSE;
  return !options->bandwidth_bytes_per_s
         || virTypedParamsAddULLong (&params->values, &params->n, &allocated, VIR_MIGRATE_PARAM_BANDWIDTH,
                                     MAX (1, options->bandwidth_bytes_per_s / MIG_MIB))
                >= 0;
}

struct _MigMove {
  MigGuest *guest;
  MigHost *destination;
  virConnectPtr source_connection, destination_connection;
  virDomainPtr domain;
};

void
mig_move_free (MigMove *move)
{
  if (!move)
    return;
  mig_domain_unref (move->domain);
  mig_host_give_back (move->guest->host, move->source_connection);
  mig_host_give_back (move->destination, move->destination_connection);
  g_free (move);
}

MigMove *
mig_move_new (MigGuest *guest, MigHost *destination, GError **error)
{
  g_autoptr (MigMove) move = g_new0 (MigMove, 1);

  move->guest = guest;
  move->destination = destination;
  move->source_connection = mig_host_borrow (guest->host, error);
  if (!move->source_connection)
    return NULL;
  move->destination_connection = mig_host_borrow (destination, error);
  if (!move->destination_connection)
    return NULL;
  move->domain = mig_domain_on (move->source_connection, guest->domain);
  if (!move->domain)
    {
      mig_virt_error (error, "cannot find guest '%s' on host '%s'", guest->name, guest->host->name);
      return NULL;
    }
  return g_steal_pointer (&move);
}

MigGuest *
mig_move_run (MigMove *move, const MigMigrateOptions *options, gint64 *end_ns, GError **error)
{
  const MigGuest *guest = move->guest;
  g_autoptr (virDomain) moved = NULL;
  g_auto (MigParams) params = { 0 };

  if (add_options (&params, options))
    moved = virDomainMigrate3 (move->domain, move->destination_connection, params.values, params.n,
                               VIR_MIGRATE_LIVE | mig_technique_flags (options->technique));
  if (end_ns)
    *end_ns = mig_clock_now ();
  if (!moved)
    {
      gboolean xen = strcmp (guest->host->info.driver, "Xen") == 0; /* libvirt's own text says little then */
      mig_virt_error (error, "migration of guest '%s' from '%s' to '%s' failed%s", guest->name,
                      guest->host->name, move->destination->name,
                      xen ? " (the cause is in libxl-driver.log of both hosts' libvirt)" : "");
      return NULL;
    }
  virDomainPtr arrived = mig_domain_on (move->destination->connection, moved);
  if (!arrived)
    {
      mig_virt_error (error, "guest '%s' has moved from '%s' to '%s', but cannot be found there", guest->name,
                      guest->host->name, move->destination->name);
      return NULL;
    }
  return mig_guest_new (move->destination, arrived);
}

/* One field of libvirt's job statistics and where it goes; scale: ns per ms and the like. */
typedef struct {
  const char *field;
  gsize offset;
  gint64 scale;
} Field;

#define FIELD(name, member, scale) { name, offsetof (MigJobStatistics, member), scale }
static const Field fields[] = {
  FIELD (VIR_DOMAIN_JOB_TIME_ELAPSED, elapsed_ns, MIG_NS_PER_MS),
  FIELD (VIR_DOMAIN_JOB_SETUP_TIME, setup_ns, MIG_NS_PER_MS),
  FIELD (VIR_DOMAIN_JOB_DOWNTIME, downtime_ns, MIG_NS_PER_MS),
  FIELD (VIR_DOMAIN_JOB_MEMORY_PROCESSED, sent_bytes, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_REMAINING, remaining_bytes, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_TOTAL, ram_bytes, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_NORMAL, normal_pages, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_CONSTANT, constant_pages, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_ITERATION, rounds, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_DIRTY_RATE, dirty_pages_per_s, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_BPS, send_bytes_per_s, 1),
};

static gboolean
read_job (MigGuest *guest, unsigned int flags, MigJobStatistics *statistics)
{
  g_auto (MigParams) params = { 0 };
  int type = VIR_DOMAIN_JOB_NONE;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    G_STRUCT_MEMBER (gint64, statistics, fields[i].offset) = MIG_MISSING_INT;
  if (virDomainGetJobStats (guest->domain, &type, &params.values, &params.n, flags) < 0
      || type == VIR_DOMAIN_JOB_NONE)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      unsigned long long value = 0;
      if (virTypedParamsGetULLong (params.values, params.n, fields[i].field, &value) == 1)
        G_STRUCT_MEMBER (gint64, statistics, fields[i].offset) = (gint64) value * fields[i].scale;
    }
  return TRUE;
}

gboolean
mig_guest_job_running (MigGuest *guest, MigJobStatistics *statistics)
{
  return read_job (guest, 0, statistics);
}

gboolean
mig_guest_job_completed (MigGuest *guest, MigJobStatistics *statistics)
{
  return read_job (guest, VIR_DOMAIN_JOB_STATS_COMPLETED, statistics);
}

gboolean
mig_guest_set_max_downtime (MigGuest *guest, gint64 downtime_ns, GError **error)
{
  if (virDomainMigrateSetMaxDowntime (guest->domain, MAX (1, downtime_ns / MIG_NS_PER_MS), 0) < 0)
    {
      mig_virt_error (error, "cannot set the downtime limit of guest '%s' on host '%s'", guest->name,
                      guest->host->name);
      return FALSE;
    }
  return TRUE;
}

gboolean
mig_guest_abort_migration (MigGuest *guest, GError **error)
{
  if (virDomainAbortJob (guest->domain) < 0)
    {
      mig_virt_error (error, "cannot abort the migration of guest '%s' on host '%s'", guest->name,
                      guest->host->name);
      return FALSE;
    }
  return TRUE;
}
