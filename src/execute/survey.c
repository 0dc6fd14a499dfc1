/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "execute/movability.h"
#include "execute/survey.h"
#include "execute/surveyed-host.h"

#define SAME_PAGES 0.5 /* of what the short rate would have reached */
#define ALL_PAGES 1.25 /* of what the short time found: it found all */
#define ASSUMED_LINK "1 Gbit/s"
#define LEAST_CPUS 0.1 /* a host always has this for its guests */

static void
free_record (gpointer record)
{
  mig_record_free (MIG_TABLE_FLEET, record);
}

void
mig_survey_free (MigSurvey *survey)
{
  g_ptr_array_unref (survey->rows);
  g_hash_table_unref (survey->uuids);
  g_hash_table_unref (survey->seen);
  g_hash_table_unref (survey->uris);
  g_ptr_array_unref (survey->verdicts);
  g_ptr_array_unref (survey->notes);
  g_free (survey);
}

const MigGuestVerdict *
mig_survey_verdict (const MigSurvey *survey, const char *vm)
{
  for (guint i = 0; i < survey->verdicts->len; i++)
    if (g_str_equal (((const MigGuestVerdict *) survey->verdicts->pdata[i])->vm, vm))
      return survey->verdicts->pdata[i];
  return NULL;
}

gboolean
mig_survey_is_busy (const MigSurvey *survey, const char *vm)
{
  const MigGuestVerdict *verdict = mig_survey_verdict (survey, vm);

  return verdict && verdict->verdict == MIG_VERDICT_BUSY;
}

char *
mig_survey_bytes (gint64 bytes)
{
  gboolean whole = bytes % (gint64) MIG_MIB == 0;

  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", bytes / (gint64) (whole ? MIG_MIB : MIG_KIB),
                          whole ? "MiB" : "KiB");
}

char *
mig_survey_name (GHashTable *taken, const char *domain, const char *host)
{
  char *name = g_strdup (domain);

  for (guint i = 2; g_hash_table_contains (taken, name); i++)
    {
      g_free (name);
      name = i == 2 ? g_strdup_printf ("%s@%s", domain, host)
                    : g_strdup_printf ("%s@%s#%u", domain, host, i);
    }
  return name;
}

gboolean
mig_survey_rates (gint64 short_rate, gint64 long_rate, double *pages_per_s, gint64 *wss_bytes)
{
  gint64 in_short = MIG_IS_MISSING (short_rate) ? 0 : MIG_SURVEY_SHORT_S * short_rate;
  gint64 in_long = MIG_IS_MISSING (long_rate) ? 0 : MIG_SURVEY_LONG_S * long_rate;

  *pages_per_s = (double) MAX (in_short / MIG_SURVEY_SHORT_S, in_long / MIG_SURVEY_LONG_S) /
                 MIG_PAGE_BYTES;
  *wss_bytes = MAX (in_short, in_long);
  return !MIG_IS_MISSING (short_rate) && !MIG_IS_MISSING (long_rate) &&
         (double) in_long <= SAME_PAGES * MIG_SURVEY_LONG_S * (double) short_rate;
}

G_GNUC_PRINTF (2, 3)
static void
note (MigSurvey *survey, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (survey->notes, g_strdup_vprintf (format, args));
  va_end (args);
}

/* share_of: CPUs between two cumulative times; missing: NaN. */
static double
share_of (gint64 before_ns, gint64 after_ns, gint64 period_ns)
{
  if (MIG_IS_MISSING (before_ns) || MIG_IS_MISSING (after_ns) || period_ns <= 0)
    return NAN;
  return MAX (0, (double) (after_ns - before_ns) / (double) period_ns);
}

/* wanted: what the vCPUs ran, and what they waited for a CPU. */
static double
wanted (const MigSurveyedHost *host, guint i)
{
  const MigGuestCpu *before = &host->before[i], *after = &host->after[i];
  gint64 period_ns = host->after_ns - host->before_ns;
  double ran = share_of (before->vcpu_ns, after->vcpu_ns, period_ns);
  double waited = share_of (before->vcpu_wait_ns, after->vcpu_wait_ns, period_ns);

  if (isnan (ran))
    ran = share_of (before->cpu_ns, after->cpu_ns, period_ns);
  return isnan (ran) ? NAN
                     : MIN (ran + (isnan (waited) ? 0 : waited), host->surveyed[i].size.vcpus);
}

static gint64
used_by (const MigSurveyedGuest *one)
{
  return MIG_IS_MISSING (one->size.resident_bytes)
             ? one->size.memory_bytes
             : MIN (one->size.resident_bytes, one->size.memory_bytes);
}

static void
describe_updates (MigSurvey *survey, const MigSurveyedGuest *one, MigFleetRecord *row)
{
  gint64 wss = 0, used = used_by (one);
  g_autofree char *all = mig_survey_bytes (used);

  if (one->busy)
    {
      note (survey, "guest '%s' on host '%s' stays out of the plan: %s", row->vm, row->host,
            one->busy);
      return;
    }
  if (MIG_IS_MISSING (one->short_rate))
    {
      if (one->silent)
        note (survey,
              "the hypervisor reported no dirty rate for guest '%s'; the plan assumes that it "
              "updates no memory",
              row->vm);
      return;
    }
  gboolean known = mig_survey_rates (one->short_rate, one->long_rate, &row->dirty_pages_per_s,
                                     &wss);
  wss = MIN (wss, used);
  row->wss = known || wss == 0 ? mig_survey_bytes (wss) : g_strdup (all);
  if (known && wss > 0 &&
      MIG_SURVEY_LONG_S * one->long_rate <=
          (gint64) (ALL_PAGES * MIG_SURVEY_SHORT_S * (double) one->short_rate))
    note (survey,
          "guest '%s' updates its whole working set within %d s: its dirty rate may be higher than "
          "the assumed %.0f pages/s",
          row->vm, MIG_SURVEY_SHORT_S, row->dirty_pages_per_s);
  if (known || wss == 0 || wss == used)
    return;
  g_autofree char *least = mig_survey_bytes (wss);
  note (survey,
        "guest '%s' updated %s in %d s and nothing of it twice, so its working set is unknown: the "
        "plan assumes all %s in use, and predictions reach down to what was seen",
        row->vm, least, MIG_SURVEY_LONG_S, all);
  gint64 *seen = g_new (gint64, 1);
  *seen = wss;
  g_hash_table_insert (survey->seen, g_strdup (row->vm), seen);
}

/* describe_disks: where they are to be copied; of a guest that can be asked. */
static void
describe_disks (MigSurvey *survey, const MigSurveyedGuest *one, const char *xml,
                const MigMigrationFlags *flags, MigFleetRecord *row)
{
  if (flags->storage == MIG_STORAGE_STAYS)
    return;
  gint64 bytes = mig_guest_disk_bytes (one->guest, xml, flags->storage);
  survey->disks_unknown |= MIG_IS_MISSING (bytes);
  if (MIG_IS_MISSING (bytes) && !one->busy)
    note (survey,
          "the host does not tell how large the disks of guest '%s' are; the plan assumes "
          "that there is nothing to copy",
          row->vm);
  else if (bytes > 0)
    row->local_disk = mig_survey_bytes (bytes);
}

static void
describe_guest (MigSurvey *survey, const MigSurveyedHost *host, const MigMigrationFlags *flags,
                guint i)
{
  const MigSurveyedGuest *one = &host->surveyed[i];
  g_autofree char *xml = one->busy ? NULL : mig_guest_xml (one->guest, FALSE, NULL);
  MigFleetRecord *row = g_new (MigFleetRecord, 1);

  mig_record_init (MIG_TABLE_FLEET, row);
  row->vm = mig_survey_name (survey->uuids, mig_guest_name (one->guest),
                             mig_host_name (host->host));
  g_hash_table_insert (survey->uuids, g_strdup (row->vm), g_strdup (mig_guest_uuid (one->guest)));
  row->host = g_strdup (mig_host_name (host->host));
  row->memory = mig_survey_bytes (one->size.memory_bytes);
  row->used = mig_survey_bytes (used_by (one));
  row->cpus = one->size.vcpus;
  row->cpu = wanted (host, i);
  describe_updates (survey, one, row);
  describe_disks (survey, one, xml, flags, row);
  g_ptr_array_add (survey->verdicts, mig_movability_find (host, i, row->vm, xml, flags));
  g_ptr_array_add (survey->rows, row);
}

/* cpus_for_guests: all but what others on the host use. */
static double
cpus_for_guests (const MigSurveyedHost *host)
{
  gint64 period_ns = host->after_ns - host->before_ns;
  double cpus = mig_host_info (host->host)->cpus;
  double others = share_of (host->host_before.busy_ns, host->host_after.busy_ns, period_ns);

  for (guint i = 0; i < host->guests->len && !isnan (others); i++)
    {
      double own = share_of (host->before[i].cpu_ns, host->after[i].cpu_ns, period_ns);
      others -= isnan (own) ? 0 : own;
    }
  return isnan (others) ? cpus : MAX (LEAST_CPUS, cpus - MAX (0, others));
}

/* memory_for_guests: what is free, and what its guests have. NULL: the host does not tell. */
static char *
memory_for_guests (MigSurvey *survey, const MigSurveyedHost *host)
{
  guint64 bytes = 0;
  g_autoptr (GError) cause = NULL;

  if (!mig_host_free_memory (host->host, &bytes, &cause))
    {
      note (survey, "%s, so it is assumed to be enough", cause->message);
      return NULL;
    }
  for (guint i = 0; i < host->guests->len; i++)
    bytes += (guint64) used_by (&host->surveyed[i]);
  return mig_survey_bytes ((gint64) bytes);
}

static void
describe_host (MigSurvey *survey, const MigSurveyedHost *host, const char *link,
               const MigMigrationFlags *flags)
{
  MigFleetRecord *row = g_new (MigFleetRecord, 1);

  mig_record_init (MIG_TABLE_FLEET, row);
  row->host = g_strdup (mig_host_name (host->host));
  row->memory = memory_for_guests (survey, host);
  row->cpus = cpus_for_guests (host);
  row->link = g_strdup (link ? link : ASSUMED_LINK);
  g_ptr_array_add (survey->rows, row);
  for (guint i = 0; i < host->guests->len; i++)
    describe_guest (survey, host, flags, i);
}

MigSurvey *
mig_survey (const GPtrArray *hosts, const char *link, const MigMigrationFlags *flags,
            GError **error)
{
  g_autoptr (MigSurvey) survey = g_new0 (MigSurvey, 1);
  g_autoptr (GPtrArray) surveyed = g_ptr_array_new_with_free_func (mig_surveyed_host_free);

  survey->rows = g_ptr_array_new_with_free_func (free_record);
  survey->uuids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  survey->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  survey->uris = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  survey->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_guest_verdict_free);
  survey->notes = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < hosts->len; i++)
    {
      MigSurveyedHost *host = mig_surveyed_host_new (hosts, i, error);
      if (!host)
        return NULL;
      g_ptr_array_add (surveyed, host);
      g_hash_table_insert (survey->uris, g_strdup (mig_host_name (hosts->pdata[i])),
                           g_strdup (mig_host_uri (hosts->pdata[i])));
    }
  if (!mig_surveyed_hosts_measure (surveyed, survey->notes, error))
    return NULL;
  for (guint i = 0; i < surveyed->len; i++)
    describe_host (survey, surveyed->pdata[i], link, flags);
  if (!link)
    note (survey, "the rate of the links is unknown: " ASSUMED_LINK
                  " each way is assumed; set it with --link");
  return g_steal_pointer (&survey);
}

/* why_not: of a VM that can be moved nowhere; NULL: it can, or may. */
static char *
why_not (const MigSurvey *survey, const char *vm)
{
  const MigGuestVerdict *verdict = mig_survey_verdict (survey, vm);

  return verdict && verdict->verdict == MIG_VERDICT_CANNOT ? mig_guest_verdict_text (verdict)
                                                           : NULL;
}

/* close_hosts: those that are certain to refuse a VM. */
static void
close_hosts (const MigSurvey *survey, MigFleetVm *vm)
{
  const MigGuestVerdict *verdict = mig_survey_verdict (survey, vm->name);

  g_clear_pointer (&vm->closed, g_hash_table_unref);
  for (guint i = 0; verdict && i < verdict->reasons->len; i++)
    {
      const MigVerdictReason *one = verdict->reasons->pdata[i];
      g_autofree char *reason = mig_verdict_reason_text (one);
      if (one->certain && one->to)
        mig_fleet_vm_close (vm, one->to, reason);
    }
}

void
mig_survey_mark (const MigSurvey *survey, MigFleet *fleet)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      vm->stays |= mig_survey_is_busy (survey, vm->name);
      g_free (vm->obstacle);
      vm->obstacle = why_not (survey, vm->name);
      close_hosts (survey, vm);
    }
}
