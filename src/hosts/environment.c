/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "hosts/environment.h"
#include "hosts/round-trip.h"

gboolean
mig_environment_write_fact (MigResultWriter *writer, const char *scope, const char *name,
                            const char *value, const char *unit, GError **error)
{
  MigEnvironmentRecord record = { (char *) scope, (char *) name, (char *) value, (char *) unit };
  return mig_result_writer_append (writer, MIG_TABLE_ENVIRONMENT, &record, error);
}

static gboolean
write_number (MigResultWriter *writer, const char *scope, const char *name, gint64 value,
              const char *unit, GError **error)
{
  char text[32] = "";
  if (!MIG_IS_MISSING (value))
    g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  return mig_environment_write_fact (writer, scope, name, text, unit, error);
}

static gboolean
write_version (MigResultWriter *writer, const char *scope, const char *name, guint64 version,
               GError **error)
{
  g_autofree char *text = mig_version_text (version); /* unknown: an empty cell */
  return mig_environment_write_fact (writer, scope, name, text ? text : "", NULL, error);
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

static gboolean
write_host (MigResultWriter *writer, const MigRunHost *host, GError **error)
{
  const MigHostInfo *info = mig_host_info (host->host);
  const char *scope = host->study->name;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  MigRoundTripRecord trip;

  mig_record_init (MIG_TABLE_ROUND_TRIPS, &trip);
  trip.host = host->study->name;
  mig_round_trips_take (times, host->host, 2 * MIG_ROUND_TRIP_CALLS);
  if (mig_round_trips_sum_up (times, &trip) &&
      !mig_result_writer_append (writer, MIG_TABLE_ROUND_TRIPS, &trip, error))
    return FALSE;
  return mig_environment_write_fact (writer, scope, "uri", mig_host_uri (host->host), NULL,
                                     error) &&
         mig_environment_write_fact (writer, scope, "driver", info->driver, NULL, error) &&
         write_version (writer, scope, "hypervisor version", host->hypervisor_version, error) &&
         write_version (writer, scope, "libvirt version", info->libvirt_version, error) &&
         mig_environment_write_fact (writer, scope, "hostname", info->hostname, NULL, error) &&
         mig_environment_write_fact (writer, scope, "cpu architecture",
                                     info->cpu_model ? info->cpu_model : "", NULL, error) &&
         write_number (writer, scope, "cpus", info->cpus, NULL, error) &&
         write_number (writer, scope, "memory", (gint64) info->memory_bytes, "bytes", error) &&
         write_number (writer, scope, "cpu used", host->cpu >= 0 ? host->cpu : MIG_MISSING_INT,
                       NULL, error) &&
         write_number (writer, scope, "round trip", trip.median_ns, "ns", error) &&
         mig_environment_write_fact (writer, scope, "emulator",
                                     host->emulator ? host->emulator : "", NULL, error) &&
         mig_environment_write_fact (writer, scope, "domain template",
                                     host->template_file ? host->template_file : "", NULL, error) &&
         mig_environment_write_fact (writer, scope, "guest kernel",
                                     host->kernel ? host->kernel : "", NULL, error) &&
         mig_environment_write_fact (writer, scope, "management CPU is",
                                     mig_host_can (host->host, MIG_CAN_MANAGEMENT_DOMAIN)
                                         ? "Domain-0's CPU time"
                                         : "each QEMU process's CPU time less its vCPUs'",
                                     NULL, error) &&
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
static gboolean
write_machine (MigResultWriter *writer, GError **error)
{
  static const struct {
    const char *name, *path, *key;
  } facts[] = {
    { "cpu model", "/proc/cpuinfo", "model name" },
    { "cpu frequency governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", NULL },
    { "transparent huge pages", "/sys/kernel/mm/transparent_hugepage/enabled", NULL },
    { "kernel samepage merging", "/sys/kernel/mm/ksm/run", NULL },
    { "load average before", "/proc/loadavg", NULL },
  };
  struct utsname name;

  if (uname (&name) == 0 &&
      !mig_environment_write_fact (writer, "this machine", "kernel", name.release, NULL, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      g_autofree char *value = read_line (facts[i].path, facts[i].key);
      if (value &&
          !mig_environment_write_fact (writer, "this machine", facts[i].name, value, NULL, error))
        return FALSE;
    }
  return write_number (writer, "this machine", "cpus", g_get_num_processors (), NULL, error);
}

gboolean
mig_environment_write (MigResultWriter *writer, const GPtrArray *hosts, gint64 heartbeat_ns,
                       gint64 sampling_ns, GError **error)
{
  for (guint i = 0; i < hosts->len; i++)
    if (!write_host (writer, hosts->pdata[i], error))
      return FALSE;
  return write_machine (writer, error) &&
         write_number (writer, "migcost", "heartbeat period", heartbeat_ns, "ns", error) &&
         write_number (writer, "migcost", "sampling period",
                       sampling_ns ? sampling_ns : MIG_MISSING_INT, "ns", error);
}

gboolean
mig_environment_write_cost (MigResultWriter *writer, gint64 started_ns, GError **error)
{
  struct rusage usage = { 0 };

  getrusage (RUSAGE_SELF, &usage);
  return write_number (writer, "migcost", "cpu time", mig_clock_process_cpu (), "ns", error) &&
         write_number (writer, "migcost", "wall time", mig_clock_now () - started_ns, "ns",
                       error) &&
         write_number (writer, "migcost", "peak memory", usage.ru_maxrss * (gint64) MIG_KIB,
                       "bytes", error);
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
