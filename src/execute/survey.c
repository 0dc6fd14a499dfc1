/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/clock.h"
#include "base/units.h"
#include "execute/movability.h"
#include "execute/survey.h"
#include "virt/demand.h"
#include "virt/inspect.h"
#include "virt/migrate.h"
#include "virt/stats.h"

/* The dirty rate is taken twice: pages that are updated again and again count once in each. */
#define SHORT_S 1
#define LONG_S 4
#define ASK_NS (100 * MIG_NS_PER_MS)
#define LATE_NS (10 * MIG_NS_PER_S) /* behind its time an answer is not waited for any more */
#define SAME_PAGES 0.5              /* of what the short rate would have reached */
#define ALL_PAGES 1.25              /* of what the short time found: it found all */
#define ASSUMED_LINK "1 Gbit/s"
#define LEAST_CPUS 0.1 /* a host always has this for its guests */

typedef struct {
  MigGuest *guest;
  MigGuestSize size;
  gint64 short_rate, long_rate; /* bytes/s; missing */
  char *busy;                   /* why it cannot be asked, nor migrated; NULL: it can */
  gboolean asked, silent;       /* an answer is to come; none came */
} SurveyedGuest;

typedef struct {
  MigHost *host;
  const GPtrArray *hosts; /* of MigHost: all, and which of them it is */
  guint index;
  GPtrArray *guests; /* of MigGuest */
  SurveyedGuest *surveyed;
  MigGuestCpu *before, *after;
  MigHostCpu host_before, host_after;
  gint64 before_ns, after_ns;
} SurveyedHost;

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
  g_hash_table_unref (survey->busy);
  g_ptr_array_unref (survey->verdicts);
  g_ptr_array_unref (survey->notes);
  g_free (survey);
}

static void
surveyed_host_free (gpointer data)
{
  SurveyedHost *self = data;

  for (guint i = 0; self->guests && i < self->guests->len; i++)
    g_free (self->surveyed[i].busy);
  g_clear_pointer (&self->guests, g_ptr_array_unref);
  g_free (self->surveyed);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
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
  gint64 in_short = MIG_IS_MISSING (short_rate) ? 0 : SHORT_S * short_rate;
  gint64 in_long = MIG_IS_MISSING (long_rate) ? 0 : LONG_S * long_rate;

  *pages_per_s = (double) MAX (in_short / SHORT_S, in_long / LONG_S) / MIG_PAGE_BYTES;
  *wss_bytes = MAX (in_short, in_long);
  return !MIG_IS_MISSING (short_rate) && !MIG_IS_MISSING (long_rate) &&
         (double) in_long <= SAME_PAGES * LONG_S * (double) short_rate;
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

/* ---- measuring ---- */

static SurveyedHost *
open_host (const GPtrArray *hosts, guint index, GError **error)
{
  SurveyedHost *self = g_new0 (SurveyedHost, 1);
  MigHost *host = hosts->pdata[index];

  self->host = host;
  self->hosts = hosts;
  self->index = index;
  self->guests = mig_host_guests (host, error);
  gboolean ok = self->guests != NULL;
  guint n = ok ? self->guests->len : 0;
  self->surveyed = g_new0 (SurveyedGuest, n);
  self->before = g_new0 (MigGuestCpu, n);
  self->after = g_new0 (MigGuestCpu, n);
  for (guint i = 0; i < n && ok; i++)
    {
      SurveyedGuest *one = &self->surveyed[i];
      one->guest = self->guests->pdata[i];
      one->short_rate = one->long_rate = MIG_MISSING_INT;
      one->busy = mig_guest_busy (one->guest);
      ok = mig_guest_size (one->guest, &one->size, error);
    }
  if (!ok)
    g_clear_pointer (&self, surveyed_host_free);
  return self;
}

static gboolean
sample (SurveyedHost *self, MigGuestCpu *cpus, MigHostCpu *host, gint64 *at_ns, GError **error)
{
  *at_ns = mig_clock_now ();
  return mig_host_sample_guests (self->host, (MigGuest *const *) self->guests->pdata,
                                 self->guests->len, TRUE, cpus, error) &&
         mig_host_sample (self->host, -1, host, error);
}

/* start_rates: asks of all guests; where it is refused, a note says so, once per guest. */
static void
start_rates (MigSurvey *survey, const GPtrArray *hosts, guint seconds)
{
  for (guint h = 0; h < hosts->len; h++)
    {
      SurveyedHost *host = hosts->pdata[h];
      for (guint i = 0; i < host->guests->len; i++)
        {
          SurveyedGuest *one = &host->surveyed[i];
          g_autoptr (GError) cause = NULL;
          one->asked = !one->busy && (seconds == SHORT_S || !MIG_IS_MISSING (one->short_rate)) &&
                       mig_guest_start_dirty_rate (one->guest, seconds, &cause);
          if (cause)
            note (survey, "%s; the plan assumes that it updates no memory", cause->message);
        }
    }
}

static void
collect_rates (const GPtrArray *hosts, guint seconds)
{
  gint64 now_ns = mig_clock_now (), late_ns = now_ns + seconds * MIG_NS_PER_S + LATE_NS;
  gboolean waiting = TRUE;

  for (gint64 at_ns = now_ns + seconds * MIG_NS_PER_S; waiting; at_ns += ASK_NS)
    {
      mig_clock_sleep_until (at_ns);
      waiting = FALSE;
      for (guint h = 0; h < hosts->len; h++)
        {
          SurveyedHost *host = hosts->pdata[h];
          for (guint i = 0; i < host->guests->len; i++)
            {
              SurveyedGuest *one = &host->surveyed[i];
              if (one->asked &&
                  mig_guest_dirty_rate (one->guest,
                                        seconds == SHORT_S ? &one->short_rate : &one->long_rate))
                one->asked = FALSE;
              one->silent |= one->asked && at_ns >= late_ns;
              one->asked &= !one->silent;
              waiting |= one->asked;
            }
        }
    }
}

static gboolean
measure (MigSurvey *survey, const GPtrArray *hosts, GError **error)
{
  for (guint h = 0; h < hosts->len; h++)
    {
      SurveyedHost *host = hosts->pdata[h];
      if (!sample (host, host->before, &host->host_before, &host->before_ns, error))
        return FALSE;
    }
  start_rates (survey, hosts, SHORT_S);
  collect_rates (hosts, SHORT_S);
  start_rates (survey, hosts, LONG_S);
  collect_rates (hosts, LONG_S);
  for (guint h = 0; h < hosts->len; h++)
    {
      SurveyedHost *host = hosts->pdata[h];
      if (!sample (host, host->after, &host->host_after, &host->after_ns, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- what was found, as rows ---- */

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
wanted (const SurveyedHost *host, guint i)
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
used_by (const SurveyedGuest *one)
{
  return MIG_IS_MISSING (one->size.resident_bytes)
             ? one->size.memory_bytes
             : MIN (one->size.resident_bytes, one->size.memory_bytes);
}

static void
describe_updates (MigSurvey *survey, const SurveyedGuest *one, MigFleetRecord *row)
{
  gint64 wss = 0, used = used_by (one);
  g_autofree char *all = mig_survey_bytes (used);

  if (one->busy)
    {
      note (survey, "guest '%s' on host '%s' stays out of the plan: %s", row->vm, row->host,
            one->busy);
      g_hash_table_insert (survey->busy, g_strdup (row->vm), g_strdup (one->busy));
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
      LONG_S * one->long_rate <= (gint64) (ALL_PAGES * SHORT_S * (double) one->short_rate))
    note (survey,
          "guest '%s' updates its whole working set within %d s: its dirty rate may be higher than "
          "the assumed %.0f pages/s",
          row->vm, SHORT_S, row->dirty_pages_per_s);
  if (known || wss == 0 || wss == used)
    return;
  g_autofree char *least = mig_survey_bytes (wss);
  note (survey,
        "guest '%s' updated %s in %d s and nothing of it twice, so its working set is unknown: the "
        "plan assumes all %s in use, and predictions reach down to what was seen",
        row->vm, least, LONG_S, all);
  gint64 *seen = g_new (gint64, 1);
  *seen = wss;
  g_hash_table_insert (survey->seen, g_strdup (row->vm), seen);
}

static void
describe_guest (MigSurvey *survey, const SurveyedHost *host, guint i)
{
  const SurveyedGuest *one = &host->surveyed[i];
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
  g_ptr_array_add (survey->verdicts,
                   mig_movability_find (one->guest, host->hosts, host->index, row->vm, one->busy));
  g_ptr_array_add (survey->rows, row);
}

/* cpus_for_guests: all but what others on the host use. */
static double
cpus_for_guests (const SurveyedHost *host)
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
memory_for_guests (MigSurvey *survey, const SurveyedHost *host)
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
describe_host (MigSurvey *survey, const SurveyedHost *host, const char *link)
{
  MigFleetRecord *row = g_new (MigFleetRecord, 1);

  mig_record_init (MIG_TABLE_FLEET, row);
  row->host = g_strdup (mig_host_name (host->host));
  row->memory = memory_for_guests (survey, host);
  row->cpus = cpus_for_guests (host);
  row->link = g_strdup (link ? link : ASSUMED_LINK);
  g_ptr_array_add (survey->rows, row);
  for (guint i = 0; i < host->guests->len; i++)
    describe_guest (survey, host, i);
}

MigSurvey *
mig_survey (const GPtrArray *hosts, const char *link, GError **error)
{
  g_autoptr (MigSurvey) survey = g_new0 (MigSurvey, 1);
  g_autoptr (GPtrArray) surveyed = g_ptr_array_new_with_free_func (surveyed_host_free);

  survey->rows = g_ptr_array_new_with_free_func (free_record);
  survey->uuids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  survey->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  survey->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  survey->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_guest_verdict_free);
  survey->notes = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < hosts->len; i++)
    {
      SurveyedHost *host = open_host (hosts, i, error);
      if (!host)
        return NULL;
      g_ptr_array_add (surveyed, host);
    }
  if (!measure (survey, surveyed, error))
    return NULL;
  for (guint i = 0; i < surveyed->len; i++)
    describe_host (survey, surveyed->pdata[i], link);
  if (!link)
    note (survey, "the rate of the links is unknown: " ASSUMED_LINK
                  " each way is assumed; set it with --link");
  return g_steal_pointer (&survey);
}
