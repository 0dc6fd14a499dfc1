/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "hosts/environment.h"
#include "hosts/round-trip.h"
#include "results/facts.h"
#include "virt/template.h"

static gboolean
write_version (MigResultWriter *writer, MigFact fact, const char *host, guint64 version,
               GError **error)
{
  g_autofree char *text = mig_version_text (version);
  return mig_fact_write (writer, fact, host, text, error);
}

static gboolean
write_limits (MigResultWriter *writer, const MigRunHost *host, GError **error)
{
  for (guint c = 0; c < MIG_N_CAPABILITIES; c++)
    {
      const MigCapabilityInfo *info = mig_capability_info (c);
      if (mig_host_can (host->host, c) || !info->table)
        continue;
      g_autofree char *reason = g_strdup_printf (
          "the %s driver has no %s%s%s", mig_host_info (host->host)->driver, info->name,
          info->stand_in ? "; in its place: " : "", info->stand_in ? info->stand_in : "");
      g_auto (GStrv) columns = g_strsplit (info->columns, " ", -1);
      for (guint i = 0; columns[i]; i++)
        {
          MigLimitRecord record = { host->study->name, (char *) info->table, columns[i], reason };
          if (!mig_result_writer_append (writer, MIG_TABLE_LIMITS, &record, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* The one that was named, else the one that the host has for guests of its template. */
static char *
emulator_of (const MigRunHost *host, const char *domain_type)
{
  return domain_type && !host->emulator ? mig_host_emulator (host->host, domain_type)
                                        : g_strdup (host->emulator);
}

static gboolean
write_management_cpu (MigResultWriter *writer, const MigRunHost *host, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%d", host->management_cpu);
  const char *text = host->management_cpu == host->cpu ? NULL
                     : host->management_cpu < 0        ? MIG_FACT_ALL_CPUS
                                                       : number;

  return mig_fact_write (writer, MIG_FACT_MANAGEMENT_CPU, host->study->name, text, error);
}

static gboolean
write_owned (MigResultWriter *writer, const MigRunHost *host, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; host->own_cpus && i < host->own_cpus->len; i++)
    g_string_append_printf (text, "%s%d", i ? "," : "", g_array_index (host->own_cpus, int, i));
  return mig_fact_write (writer, MIG_FACT_CPUS_OWNED, host->study->name, text->str, error);
}

/* domain_type: NULL: not known. The caller frees it. */
static char *
domain_type (const MigRunHost *host)
{
  return host->template_file ? mig_template_domain_type (host->template_file, NULL) : NULL;
}

static gboolean
write_host (MigResultWriter *writer, const MigRunHost *host, GError **error)
{
  const MigHostInfo *info = mig_host_info (host->host);
  const char *name = host->study->name;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *type = domain_type (host);
  g_autofree char *emulator = emulator_of (host, type);
  MigRoundTripRecord trip;

  mig_record_init (MIG_TABLE_ROUND_TRIPS, &trip);
  trip.host = (char *) name;
  mig_round_trips_take (times, host->host, 2 * MIG_ROUND_TRIP_CALLS);
  if (mig_round_trips_sum_up (times, &trip) &&
      !mig_result_writer_append (writer, MIG_TABLE_ROUND_TRIPS, &trip, error))
    return FALSE;
  return mig_fact_write (writer, MIG_FACT_URI, name, mig_host_uri (host->host), error) &&
         mig_fact_write (writer, MIG_FACT_DRIVER, name, info->driver, error) &&
         write_version (writer, MIG_FACT_HYPERVISOR_VERSION, name, host->hypervisor_version,
                        error) &&
         write_version (writer, MIG_FACT_LIBVIRT_VERSION, name, info->libvirt_version, error) &&
         mig_fact_write (writer, MIG_FACT_HOSTNAME, name, info->hostname, error) &&
         mig_fact_write (writer, MIG_FACT_CPU_ARCHITECTURE, name, info->cpu_model, error) &&
         mig_fact_write_int (writer, MIG_FACT_CPUS, name, info->cpus, error) &&
         mig_fact_write_int (writer, MIG_FACT_MEMORY, name, (gint64) info->memory_bytes, error) &&
         mig_fact_write (writer, MIG_FACT_VIRTUAL_MACHINE, name,
                         mig_host_is_virtual (host->host) ? "yes" : NULL, error) &&
         mig_fact_write_int (writer, MIG_FACT_CPU_USED, name,
                             host->cpu >= 0 ? host->cpu : MIG_MISSING_INT, error) &&
         write_management_cpu (writer, host, error) && write_owned (writer, host, error) &&
         mig_fact_write_int (writer, MIG_FACT_ROUND_TRIP, name, trip.median_ns, error) &&
         mig_fact_write (writer, MIG_FACT_EMULATOR, name, emulator, error) &&
         mig_fact_write (writer, MIG_FACT_TEMPLATE, name, host->template_file, error) &&
         mig_fact_write (writer, MIG_FACT_DOMAIN_TYPE, name, type, error) &&
         mig_fact_write (writer, MIG_FACT_KERNEL, name, host->kernel, error) &&
         mig_fact_write (writer, MIG_FACT_MANAGEMENT, name,
                         mig_host_can (host->host, MIG_CAN_MANAGEMENT_DOMAIN)
                             ? "Domain-0's CPU time"
                             : "each QEMU process's CPU time less its vCPUs'",
                         error) &&
         write_limits (writer, host, error);
}

/* A line "key : value" of a file of /proc or a whole file of /sys; NULL where there is none. */
static char *
read_line (const char *path, const char *key)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  if (!key)
    return g_strdup (g_strstrip (text));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      char *colon = strchr (lines[i], ':');
      if (colon && g_str_has_prefix (lines[i], key))
        return g_strdup (g_strstrip (colon + 1));
    }
  return NULL;
}

/* The machine that migcost itself runs on; in the lab it is the hosts' too. */
static const struct {
  MigFact fact;
  const char *path, *key;
} machine_sources[] = {
  { MIG_FACT_MACHINE_CPU_MODEL, "/proc/cpuinfo", "model name" },
  { MIG_FACT_MACHINE_GOVERNOR, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", NULL },
  { MIG_FACT_MACHINE_HUGE_PAGES, "/sys/kernel/mm/transparent_hugepage/enabled", NULL },
  { MIG_FACT_MACHINE_SAMEPAGE_MERGING, "/sys/kernel/mm/ksm/run", NULL },
  { MIG_FACT_MACHINE_LOAD, "/proc/loadavg", NULL },
};

char *
mig_environment_machine (MigFact fact)
{
  for (guint i = 0; i < G_N_ELEMENTS (machine_sources); i++)
    if (machine_sources[i].fact == fact)
      return read_line (machine_sources[i].path, machine_sources[i].key);
  g_return_val_if_reached (NULL);
}

static gboolean
write_machine (MigResultWriter *writer, GError **error)
{
  struct utsname name;

  if (uname (&name) == 0 &&
      !mig_fact_write (writer, MIG_FACT_MACHINE_KERNEL, NULL, name.release, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (machine_sources); i++)
    {
      MigFact fact = machine_sources[i].fact;
      g_autofree char *value = mig_environment_machine (fact);
      if (value && !mig_fact_write (writer, fact, NULL, value, error))
        return FALSE;
    }
  return mig_fact_write_int (writer, MIG_FACT_MACHINE_CPUS, NULL, g_get_num_processors (), error);
}

/* A single period is the one that was asked for, and a resumed run keeps to it. */
static gboolean
write_heartbeat (MigResultWriter *writer, const MigHeartbeatPeriods *periods, GError **error)
{
  if (!periods || periods->rest_ns == periods->switch_ns)
    return mig_fact_write_int (writer, MIG_FACT_HEARTBEAT, NULL,
                               periods ? periods->rest_ns : MIG_MISSING_INT, error);
  return mig_fact_write_int (writer, MIG_FACT_HEARTBEAT_REST, NULL, periods->rest_ns, error) &&
         mig_fact_write_int (writer, MIG_FACT_HEARTBEAT_MOVING, NULL, periods->moving_ns, error) &&
         mig_fact_write_int (writer, MIG_FACT_HEARTBEAT_SWITCH, NULL, periods->switch_ns, error);
}

static gboolean
write_sampling (MigResultWriter *writer, gint64 rest_ns, gint64 moving_ns, GError **error)
{
  if (!rest_ns || !moving_ns || rest_ns == moving_ns)
    return mig_fact_write_int (writer, MIG_FACT_SAMPLING, NULL, rest_ns ? rest_ns : MIG_MISSING_INT,
                               error);
  return mig_fact_write_int (writer, MIG_FACT_SAMPLING_REST, NULL, rest_ns, error) &&
         mig_fact_write_int (writer, MIG_FACT_SAMPLING_MOVING, NULL, moving_ns, error);
}

gboolean
mig_environment_write (MigResultWriter *writer, const GPtrArray *hosts,
                       const MigHeartbeatPeriods *heartbeat, gint64 sampling_ns,
                       gint64 sampling_moving_ns, GError **error)
{
  for (guint i = 0; i < hosts->len; i++)
    if (!write_host (writer, hosts->pdata[i], error))
      return FALSE;
  return write_machine (writer, error) && write_heartbeat (writer, heartbeat, error) &&
         write_sampling (writer, sampling_ns, sampling_moving_ns, error);
}

static void
warn_of_name (const GPtrArray *rows, const MigRunHost *host)
{
  const char *name = host->study->name, *now = mig_host_info (host->host)->hostname;
  const char *before = mig_fact_find (rows, MIG_FACT_HOSTNAME, name);

  if (before && now && strcmp (before, now) != 0)
    mig_warning ("host '%s' was '%s' when the run began, and is '%s'", name, before, now);
}

static gboolean
check_host (const GPtrArray *rows, const MigRunHost *host, GError **error)
{
  const MigHostInfo *info = mig_host_info (host->host);
  const char *name = host->study->name;
  g_autofree char *version = mig_version_text (host->hypervisor_version);
  g_autofree char *type = domain_type (host);
  const struct {
    MigFact fact;
    const char *now;
  } facts[] = { { MIG_FACT_DRIVER, info->driver },
                { MIG_FACT_HYPERVISOR_VERSION, version },
                { MIG_FACT_CPU_ARCHITECTURE, info->cpu_model },
                { MIG_FACT_DOMAIN_TYPE, type } };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const char *before = mig_fact_find (rows, facts[i].fact, name);
      if (!before || !facts[i].now || strcmp (before, facts[i].now) == 0)
        continue;
      g_set_error (
          error, MIG_ERROR, MIG_ERROR_INVALID,
          "host '%s' is not as it was when the run began: its %s was '%s' and is '%s'; resume "
          "it on the hosts it began with, or begin another run",
          name, mig_fact_info (facts[i].fact)->name, before, facts[i].now);
      return FALSE;
    }
  warn_of_name (rows, host);
  return TRUE;
}

gboolean
mig_environment_check (const GPtrArray *rows, const GPtrArray *hosts, GError **error)
{
  for (guint i = 0; i < hosts->len; i++)
    if (!check_host (rows, hosts->pdata[i], error))
      return FALSE;
  return TRUE;
}

gboolean
mig_environment_write_cost (MigResultWriter *writer, gint64 started_ns, GError **error)
{
  struct rusage usage = { 0 };

  getrusage (RUSAGE_SELF, &usage);
  return mig_fact_write_int (writer, MIG_FACT_OWN_CPU_TIME, NULL, mig_clock_process_cpu (),
                             error) &&
         mig_fact_write_int (writer, MIG_FACT_OWN_WALL_TIME, NULL, mig_clock_now () - started_ns,
                             error) &&
         mig_fact_write_int (writer, MIG_FACT_OWN_MEMORY, NULL, usage.ru_maxrss * (gint64) MIG_KIB,
                             error);
}

gint64
mig_environment_steal (void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL) || !g_str_has_prefix (text, "cpu "))
    return MIG_MISSING_INT;
  /* cpu user nice system idle iowait irq softirq steal ... in ticks */
  g_auto (GStrv) fields = g_strsplit_set (text, " \n", 12);
  long ticks = sysconf (_SC_CLK_TCK);
  if (g_strv_length (fields) < 11 || ticks <= 0)
    return MIG_MISSING_INT;
  /* two spaces follow "cpu": fields[1] is empty */
  return g_ascii_strtoll (fields[9], NULL, 10) * (MIG_NS_PER_S / ticks);
}
