/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "report/conditions.h"
#include "report/number.h"
#include "report/replication.h"
#include "results/facts.h"
#include "summary/case-settings.h"
#include "summary/noise.h"

/* Guests that send a heartbeat more often than this get less work done than others: by a tenth to a
 * half, as doc/measuring.md tells. On Xen each takes more, as xenconsoled passes it on in Domain-0.
 */
#define DISTURBING_PERIOD_NS (200.0 * MIG_NS_PER_MS)
#define DISTURBING_PERIOD_XEN_NS (1.0 * MIG_NS_PER_S)

static void
free_set (gpointer data)
{
  MigReplicationSet *set = data;

  g_free (set->platform);
  mig_loaded_result_free (set->result);
  g_clear_pointer (&set->rows, g_array_unref);
  g_free (set);
}

MigReplication *
mig_replication_new (void)
{
  MigReplication *self = g_new0 (MigReplication, 1);

  self->sets = g_ptr_array_new_with_free_func (free_set);
  return self;
}

void
mig_replication_free (MigReplication *self)
{
  if (!self)
    return;
  mig_claim_table_free (self->table);
  g_ptr_array_unref (self->sets);
  g_free (self);
}

/* platform_of: by the facts of its environment. */
static char *
platform_of (const GPtrArray *facts)
{
  const char *driver = mig_fact_find (facts, MIG_FACT_DRIVER, NULL);
  gboolean kvm = g_strcmp0 (mig_fact_find (facts, MIG_FACT_DOMAIN_TYPE, NULL), "kvm") == 0;
  gboolean lab = mig_fact_find (facts, MIG_FACT_LAB_MODE, NULL) != NULL;

  return g_strdup_printf ("%s%s", kvm ? "KVM" : driver ? driver : "unknown", lab ? " (lab)" : "");
}

/* rest_period: of the heartbeats of guests at rest, ns; NaN: not known. */
static double
rest_period (const GPtrArray *facts)
{
  double rest_ns = mig_fact_number (facts, MIG_FACT_HEARTBEAT_REST, NULL);

  return isnan (rest_ns) ? mig_fact_number (facts, MIG_FACT_HEARTBEAT, NULL) : rest_ns;
}

static gboolean
is_xen (const GPtrArray *facts)
{
  return g_strcmp0 (mig_fact_find (facts, MIG_FACT_DRIVER, NULL), MIG_FACT_DRIVER_XEN) == 0;
}

/* beats_often: a period that is not known is none. */
static gboolean
beats_often (const GPtrArray *facts)
{
  double rest_ns = rest_period (facts);

  return rest_ns > 0 &&
         rest_ns < (is_xen (facts) ? DISTURBING_PERIOD_XEN_NS : DISTURBING_PERIOD_NS);
}

/* is_noisy: others took CPU time from more than half of the counted runs of which that is known.
 * What else disturbed them took none of the guests' work. */
static gboolean
is_noisy (const MigSummary *summary)
{
  guint n = 0;

  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      n += run->sound &&
           (mig_noise_is (run, MIG_NOISE_STOLEN) || mig_noise_is (run, MIG_NOISE_OTHERS));
    }
  return 2 * n > summary->n_noise_known;
}

void
mig_replication_add (MigReplication *self, const char *platform, MigLoadedResult *result)
{
  MigReplicationSet *set = g_new0 (MigReplicationSet, 1);

  set->platform = platform ? g_strdup (platform) : platform_of (result->environment);
  set->result = result;
  set->rows = result->tests_paper ? mig_paper_rows (result->summary) : NULL;
  set->beats_often = beats_often (result->environment);
  set->noisy = is_noisy (result->summary);
  g_ptr_array_insert (self->sets, result->tests_paper ? (gint) self->n_testing : -1, set);
  self->n_testing += result->tests_paper;
}

gboolean
mig_replication_rates_disturbed (const MigReplicationSet *set)
{
  return set->beats_often || set->noisy;
}

MigClaimSource
mig_replication_source (const MigReplicationSet *set)
{
  return (MigClaimSource){ set->result->summary, set->result->conclusions, set->rows };
}

void
mig_replication_compare (MigReplication *self)
{
  g_autofree MigClaimSet *sets = g_new0 (MigClaimSet, self->n_testing);

  for (guint i = 0; i < self->n_testing; i++)
    {
      const MigReplicationSet *set = self->sets->pdata[i];
      sets[i] = (MigClaimSet){
        .platform = set->platform,
        .source = mig_replication_source (set),
        .disturbed = mig_replication_rates_disturbed (set),
        .scaled = set->result->manifest.scale != NULL,
      };
    }
  self->table = mig_claim_table_new (sets, self->n_testing);
}

/* ---- what a set is ---- */

/* swept_values: what a study sweeps of a host, or of all; base: that of cases without it. NULL:
 * neither. The caller frees it. */
static char *
swept_values (const MigConditions *conditions, const char *host, const char *attribute,
              const char *base)
{
  g_autofree char *parameter = g_strdup_printf ("host.%s.%s", host, attribute);
  char *own = mig_conditions_values (conditions, parameter, base);

  return own ? own : mig_conditions_values (conditions, attribute, base);
}

static void
append_host_cpus (GString *text, const MigLoadedResult *result, const MigConditions *conditions,
                  const char *host)
{
  const GPtrArray *facts = result->environment;
  const char *cpus = mig_fact_find (facts, MIG_FACT_CPUS, host);
  const char *used = mig_fact_find (facts, MIG_FACT_CPU_USED, host);
  const char *management = mig_fact_find (facts, MIG_FACT_MANAGEMENT_CPU, host);
  g_autofree char *all_used = swept_values (conditions, host, "cpu", used);
  g_autofree char *all_management = swept_values (conditions, host, "management-cpu",
                                                  management ? "apart" : "beside guests");

  if (!cpus)
    return;
  used = all_used ? all_used : used;
  g_string_append_printf (text, "; %s: %s%s of %s for guests", host, used ? "CPU " : "all",
                          used ? used : "", cpus);
  if (all_management)
    g_string_append_printf (text, ", migrations %s", all_management);
  else if (management)
    g_string_append_printf (text, ", %s for migrations", management);
  else
    g_string_append (text, " and migrations");
}

/* append_settings: how its cases migrate, where that is not the default; stop rules come by
 * themselves. */
static void
append_settings (GString *text, const MigSummary *summary)
{
  g_autoptr (GPtrArray) settings = mig_case_settings_differ (NULL, summary->cases);
  const char *scope = NULL;

  for (guint i = 0; i < settings->len; i++)
    {
      const MigSettingChange *setting = settings->pdata[i];
      gboolean same = g_strcmp0 (scope, setting->scope) == 0;
      if (setting->setting == MIG_SETTING_STOP_RULE)
        continue;
      g_string_append_printf (text, "%s%s%s %s %s", same ? "," : "; ", same ? "" : setting->scope,
                              same ? "" : ":", mig_setting_info (setting->setting)->name,
                              setting->now);
      scope = setting->scope;
    }
}

/* append_stop_rule: that its migrations really ended by. */
static void
append_stop_rule (GString *text, const MigLoadedResult *result)
{
  const GPtrArray *migrations = result->summary->migrations;
  const char *rule = NULL;

  for (guint i = 0; i < migrations->len; i++)
    {
      const char *next = ((const MigMigrationSummary *) migrations->pdata[i])->record->stop_rule;
      if (!next || g_strcmp0 (rule, next) == 0)
        continue;
      g_string_append_printf (text, "%s%s", rule ? " and " : "; stop rule ", next);
      rule = next;
    }
  if (rule && is_xen (result->environment))
    g_string_append (text, " (Xen's own, whatever the study asks for)");
}

static void
append_repetitions (GString *text, const MigLoadedResult *result)
{
  const MigSummary *summary = result->summary;
  guint fewest = G_MAXUINT, most = 0;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      guint n = ((const MigCaseSummary *) summary->cases->pdata[i])->n_sound;
      fewest = MIN (fewest, n);
      most = MAX (most, n);
    }
  if (most == 0)
    g_string_append (text, "; no sound repetition");
  else if (fewest == most)
    g_string_append_printf (text, "; n=%u", most);
  else
    g_string_append_printf (text, "; n=%u to %u", fewest, most);
  if (summary->race)
    g_string_append (text, ", as decided by looks after each block");
  if (!result->complete)
    g_string_append (text, ", not complete");
}

static void
append_noise (GString *text, const MigSummary *summary)
{
  guint n_sound = 0;

  for (guint i = 0; i < summary->runs->len; i++)
    n_sound += ((const MigRunSummary *) summary->runs->pdata[i])->sound;
  if (summary->n_noisy > 0)
    g_string_append_printf (text, ", %u of %u runs disturbed from outside", summary->n_noisy,
                            n_sound);
  if (summary->n_noise_known < n_sound)
    g_string_append_printf (text, ", not known%s whether others used the hosts' CPUs",
                            summary->n_noise_known > 0 ? " of all" : "");
}

/* append_resolution: of one downtime: the period of the heartbeats around it. */
static void
append_resolution (GString *text, const MigSummary *summary)
{
  double longest_s = 0;

  for (guint i = 0; i < summary->cases->len; i++)
    longest_s = fmax (longest_s,
                      ((const MigCaseSummary *) summary->cases->pdata[i])->heartbeat_period_s);
  if (longest_s == 0)
    return;
  g_autofree char *period = mig_units_format_duration (mig_units_ns (longest_s));
  g_string_append_printf (text, ", a heartbeat every %s around each downtime", period);
}

static void
append_usable (GString *text, const MigReplicationSet *set)
{
  double period_ns = rest_period (set->result->environment);

  if (!mig_replication_rates_disturbed (set))
    return;
  g_string_append (text, ". Usable: times, downtimes and bytes; not rates of work and CPU time "
                         "(*), as ");
  if (set->beats_often)
    {
      g_autofree char *period = mig_units_format_duration ((gint64) period_ns);
      g_string_append_printf (text, "a heartbeat every %s took both from the guests", period);
    }
  if (set->noisy)
    g_string_append_printf (text, "%sothers used the hosts' CPUs", set->beats_often ? " and " : "");
}

/* fact_text: NULL: not known. The caller frees it. */
static char *
fact_text (const GPtrArray *facts, MigFact fact)
{
  const char *value = mig_fact_find (facts, fact, NULL);
  return value ? mig_number_fact (value, mig_fact_info (fact)->unit) : NULL;
}

static void
append_fact (GString *text, const GPtrArray *facts, MigFact fact, const char *before)
{
  g_autofree char *shown = fact_text (facts, fact);

  if (shown)
    g_string_append_printf (text, "%s%s", before, shown);
}

/* append_guests: ", 4 guests of 181 MiB". */
static void
append_guests (GString *text, const MigGuestSizes *guests)
{
  gint64 least = guests->least_bytes, most = guests->most_bytes;

  if (guests->most == 0)
    return;
  g_string_append (text, ", ");
  if (guests->fewest < guests->most)
    g_string_append_printf (text, "%u to ", guests->fewest);
  g_string_append_printf (text, "%u guest%s", guests->most, guests->most == 1 ? "" : "s");
  if (MIG_IS_MISSING (most))
    return;
  g_autofree char *from = mig_number ((double) least / (double) MIG_MIB, 0),
                  *to = mig_number ((double) most / (double) MIG_MIB, 0);
  gboolean same = g_strcmp0 (from, to) == 0;
  g_string_append_printf (text, " of %s%s%s MiB", same ? "" : from, same ? "" : " to ", to);
}

const char *
mig_replication_start (const MigReplicationSet *set)
{
  const MigGuestSizes *guests = &set->result->summary->guests;

  return guests->n_booted && guests->n_restored ? MIG_START_MIXED
         : guests->n_restored                   ? MIG_START_RESTORED
         : guests->n_booted                     ? MIG_START_BOOTED
                                                : NULL;
}

/* append_start: ", booted". */
static void
append_start (GString *text, const MigReplicationSet *set)
{
  const char *start = mig_replication_start (set);

  if (g_strcmp0 (start, MIG_START_MIXED) == 0)
    g_string_append (text, ", some " MIG_START_BOOTED ", some " MIG_START_RESTORED);
  else if (start)
    g_string_append_printf (text, ", %s", start);
}

/* append_machine: what the hosts are. The machine that migcost runs on is one in the lab only, but
 * emulated hosts may be on it. */
static void
append_machine (GString *text, const MigReplicationSet *set)
{
  const GPtrArray *facts = set->result->environment;
  gboolean lab = mig_fact_find (facts, MIG_FACT_LAB_MODE, NULL) != NULL;

  append_fact (text, facts, MIG_FACT_LAB_VIRTUALIZATION, ", ");
  if (lab)
    append_fact (text, facts, MIG_FACT_MACHINE_CPU_MODEL, ", ");
  if (mig_replication_is_virtual (set))
    g_string_append (text, lab ? ", on a virtual machine" : ", hosts that are virtual machines");
  if (!lab)
    append_fact (text, facts, MIG_FACT_MACHINE_CPU_MODEL, ", measured by a machine with ");
}

gboolean
mig_replication_is_virtual (const MigReplicationSet *set)
{
  return mig_fact_find (set->result->environment, MIG_FACT_VIRTUAL_MACHINE, NULL) != NULL;
}

static void
append_link (GString *text, const GPtrArray *facts, const MigConditions *conditions)
{
  g_autofree char *configured = fact_text (facts, MIG_FACT_LINK_CONFIGURED);
  g_autofree char *swept = mig_conditions_values (conditions, "link", configured);

  if (swept || configured)
    g_string_append_printf (text, "; link %s", swept ? swept : configured);
}

char *
mig_replication_set_text (const MigReplicationSet *set)
{
  const MigLoadedResult *result = set->result;
  const GPtrArray *facts = result->environment;
  g_autofree char *study = mig_manifest_study (&result->manifest);
  g_autoptr (MigConditions) conditions = mig_conditions_new (result);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %s", set->platform, study);
  append_guests (text, &result->summary->guests);
  append_start (text, set);
  append_fact (text, facts, MIG_FACT_DRIVER, "; ");
  append_fact (text, facts, MIG_FACT_HYPERVISOR_VERSION, " ");
  append_fact (text, facts, MIG_FACT_LIBVIRT_VERSION, ", libvirt ");
  append_machine (text, set);
  append_host_cpus (text, result, conditions, "source");
  append_host_cpus (text, result, conditions, "destination");
  append_link (text, facts, conditions);
  append_settings (text, result->summary);
  append_stop_rule (text, result);
  append_repetitions (text, result);
  append_resolution (text, result->summary);
  append_noise (text, result->summary);
  append_usable (text, set);
  g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}
