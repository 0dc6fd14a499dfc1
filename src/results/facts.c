/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "results/facts.h"

static const char *const scopes[MIG_N_SCOPES] = {
  [MIG_SCOPE_LAB] = "lab",
  [MIG_SCOPE_LINK] = "link",
  [MIG_SCOPE_MACHINE] = "this machine",
  [MIG_SCOPE_TOOL] = "migcost",
  [MIG_SCOPE_IDENTITY] = "identity",
};

/* clang-format off */
static const MigFactInfo facts[MIG_N_FACTS] = {
  [MIG_FACT_URI] = { MIG_SCOPE_HOST, "uri", NULL, "libvirt URI that it was reached by" },
  [MIG_FACT_DRIVER] = { MIG_SCOPE_HOST, "driver", NULL, "libvirt's driver: QEMU, Xen, Test" },
  [MIG_FACT_HYPERVISOR_VERSION] = { MIG_SCOPE_HOST, "hypervisor version", NULL,
    "version of the hypervisor" },
  [MIG_FACT_LIBVIRT_VERSION] = { MIG_SCOPE_HOST, "libvirt version", NULL,
    "version of libvirt there" },
  [MIG_FACT_HOSTNAME] = { MIG_SCOPE_HOST, "hostname", NULL, "its own name" },
  [MIG_FACT_CPU_ARCHITECTURE] = { MIG_SCOPE_HOST, "cpu architecture", NULL,
    "architecture of its CPUs" },
  [MIG_FACT_CPUS] = { MIG_SCOPE_HOST, "cpus", NULL, "number of its CPUs" },
  [MIG_FACT_MEMORY] = { MIG_SCOPE_HOST, "memory", "bytes", "its memory" },
  [MIG_FACT_VIRTUAL_MACHINE] = { MIG_SCOPE_HOST, "virtual machine", NULL,
    "yes: the host is one itself, by its CPU's features; empty: not known" },
  [MIG_FACT_CPU_USED] = { MIG_SCOPE_HOST, "cpu used", NULL,
    "the one CPU that guests, and migrations with them, were given; empty: all" },
  [MIG_FACT_MANAGEMENT_CPU] = { MIG_SCOPE_HOST, "management cpu", NULL,
    "the CPU that migrations were given apart from guests; all: any; empty: the guests'" },
  [MIG_FACT_CPUS_OWNED] = { MIG_SCOPE_HOST, "cpus owned", NULL,
    "of a host of the lab: its share of this machine's CPUs; empty: all of the host's" },
  [MIG_FACT_ROUND_TRIP] = { MIG_SCOPE_HOST, "round trip", "ns",
    "median time of a small call to it and back, before the first run" },
  [MIG_FACT_EMULATOR] = { MIG_SCOPE_HOST, "emulator", NULL,
    "QEMU program of the guests; empty: not known" },
  [MIG_FACT_TEMPLATE] = { MIG_SCOPE_HOST, "domain template", NULL, "template of the guests" },
  [MIG_FACT_DOMAIN_TYPE] = { MIG_SCOPE_HOST, "domain type", NULL,
    "what runs the template's guests: kvm, qemu (software emulation), xen; empty: not known" },
  [MIG_FACT_KERNEL] = { MIG_SCOPE_HOST, "guest kernel", NULL, "kernel that the guests booted" },
  [MIG_FACT_MANAGEMENT] = { MIG_SCOPE_HOST, "management CPU is", NULL,
    "what management CPU was taken from" },
  [MIG_FACT_OBSERVING_BEFORE] = { MIG_SCOPE_HOST, "observing before migrations", "% of a CPU",
    "CPU time that its daemon took in the baselines; in the lab only" },
  [MIG_FACT_OBSERVING_DURING] = { MIG_SCOPE_HOST, "observing during migrations", "% of a CPU",
    "the same while guests migrated, its work for the migrations included" },
  [MIG_FACT_OBSERVING_AFTER] = { MIG_SCOPE_HOST, "observing after migrations", "% of a CPU",
    "the same in the rest of the windows" },
  [MIG_FACT_LAB_MODE] = { MIG_SCOPE_LAB, "mode", NULL, "what stands for the network" },
  [MIG_FACT_LAB_VIRTUALIZATION] = { MIG_SCOPE_LAB, "virtualization", NULL,
    "KVM or software emulation" },
  [MIG_FACT_LAB_WHY_NOT_KVM] = { MIG_SCOPE_LAB, "why not KVM", NULL,
    "why guests are emulated, where they are" },
  [MIG_FACT_LAB_CPU_SHARING] = { MIG_SCOPE_LAB, "cpu sharing", NULL,
    "whose shares of a CPU are alike" },
  [MIG_FACT_LAB_NETWORK] = { MIG_SCOPE_LAB, "network", NULL,
    "network of the guests, or why they have none, where the study asks for one" },
  [MIG_FACT_LINK_CONFIGURED] = { MIG_SCOPE_LINK, "rate configured", "bytes/s",
    "rate that the link was given" },
  [MIG_FACT_LINK_MEASURED] = { MIG_SCOPE_LINK, "rate measured", "bytes/s",
    "rate that it carried before the first run" },
  [MIG_FACT_LINK_CONGESTION_CONTROL] = { MIG_SCOPE_LINK, "TCP congestion control", NULL,
    "congestion control of its connections" },
  [MIG_FACT_MACHINE_KERNEL] = { MIG_SCOPE_MACHINE, "kernel", NULL, "its kernel" },
  [MIG_FACT_MACHINE_CPU_MODEL] = { MIG_SCOPE_MACHINE, "cpu model", NULL, "model of its CPUs" },
  [MIG_FACT_MACHINE_GOVERNOR] = { MIG_SCOPE_MACHINE, "cpu frequency governor", NULL,
    "what chooses the frequency of its CPUs" },
  [MIG_FACT_MACHINE_HUGE_PAGES] = { MIG_SCOPE_MACHINE, "transparent huge pages", NULL,
    "the kernel's setting, the chosen one in brackets" },
  [MIG_FACT_MACHINE_SAMEPAGE_MERGING] = { MIG_SCOPE_MACHINE, "kernel samepage merging", NULL,
    "1: on; 0: off" },
  [MIG_FACT_MACHINE_LOAD] = { MIG_SCOPE_MACHINE, "load average before", NULL,
    "load before the first run" },
  [MIG_FACT_MACHINE_CPUS] = { MIG_SCOPE_MACHINE, "cpus", NULL, "number of its CPUs" },
  [MIG_FACT_MACHINE_STOLEN] = { MIG_SCOPE_MACHINE, "stolen CPU time", "ns",
    "over all runs: CPU time that a hypervisor below it took" },
  [MIG_FACT_HEARTBEAT_OPTION] = { MIG_SCOPE_TOOL, "heartbeat asked for", "ns",
    "period that --heartbeat named" },
  [MIG_FACT_SAMPLING_OPTION] = { MIG_SCOPE_TOOL, "sampling asked for", "ns",
    "period that --sampling named" },
  [MIG_FACT_OPTION] = { MIG_SCOPE_TOOL, "option", NULL,
    "NAME=VALUE of another option, a row each, with which a resumed run goes on" },
  [MIG_FACT_UNTIL] = { MIG_SCOPE_TOOL, "until", NULL,
    "what ends the run: decided, or the share to which each total time is to be known; the last "
    "row holds" },
  [MIG_FACT_TIME_LIMIT] = { MIG_SCOPE_TOOL, "time limit", "ns",
    "time within which the repetitions end; the last row holds" },
  [MIG_FACT_MOST_REPETITIONS] = { MIG_SCOPE_TOOL, "repetitions at most", NULL,
    "where the run ends by until or a time limit: limit of the repetitions of a case" },
  [MIG_FACT_HEARTBEAT] = { MIG_SCOPE_TOOL, "heartbeat period", "ns",
    "period of the heartbeats, where one was asked for" },
  [MIG_FACT_HEARTBEAT_REST] = { MIG_SCOPE_TOOL, "heartbeat period outside migrations", "ns",
    "where none was asked for: period of a guest that does not migrate" },
  [MIG_FACT_HEARTBEAT_MOVING] = { MIG_SCOPE_TOOL, "heartbeat period of a guest that migrates", "ns",
    "the same from the start of its migration" },
  [MIG_FACT_HEARTBEAT_SWITCH] = { MIG_SCOPE_TOOL, "heartbeat period near its stop", "ns",
    "the same shortly before it stops" },
  [MIG_FACT_SAMPLING] = { MIG_SCOPE_TOOL, "sampling period", "ns",
    "period of the samples of CPU time, where one was asked for; empty: none were taken" },
  [MIG_FACT_SAMPLING_REST] = { MIG_SCOPE_TOOL, "sampling period outside migrations", "ns",
    "where none was asked for: period while no guest migrates" },
  [MIG_FACT_SAMPLING_MOVING] = { MIG_SCOPE_TOOL, "sampling period during migrations", "ns",
    "the same while one does" },
  [MIG_FACT_OWN_CPU_TIME] = { MIG_SCOPE_TOOL, "cpu time", "ns", "CPU time that migcost took" },
  [MIG_FACT_OWN_WALL_TIME] = { MIG_SCOPE_TOOL, "wall time", "ns", "how long it ran" },
  [MIG_FACT_OWN_MEMORY] = { MIG_SCOPE_TOOL, "peak memory", "bytes", "most memory that it held" },
  [MIG_FACT_OWN_OBSERVING_BEFORE] = { MIG_SCOPE_TOOL, "observing before migrations", "% of a CPU",
    "CPU time that migcost took in the baselines" },
  [MIG_FACT_OWN_OBSERVING_DURING] = { MIG_SCOPE_TOOL, "observing during migrations", "% of a CPU",
    "the same while guests migrated" },
  [MIG_FACT_OWN_OBSERVING_AFTER] = { MIG_SCOPE_TOOL, "observing after migrations", "% of a CPU",
    "the same in the rest of the windows" },
  [MIG_FACT_COST_WORK_BEFORE] = { MIG_SCOPE_TOOL, "observed work before migrations", NULL,
    "work per second of guests that are observed, as a share of that of guests left alone", TRUE },
  [MIG_FACT_COST_CPU_BEFORE] = { MIG_SCOPE_TOOL, "observing cpu before migrations", "% of a CPU",
    "CPU time of migcost and the lab's daemons, observing less left alone", TRUE },
  [MIG_FACT_COST_BLOCKS_BEFORE] = { MIG_SCOPE_TOOL, "observing blocks before migrations", NULL,
    "blocks of three windows, observed and left alone in turn, that these come from" },
  [MIG_FACT_COST_WORK_DURING] = { MIG_SCOPE_TOOL, "observed work during migrations", NULL,
    "the same of a guest that migrates, until it stops", TRUE },
  [MIG_FACT_COST_CPU_DURING] = { MIG_SCOPE_TOOL, "observing cpu during migrations", "% of a CPU",
    "CPU time of migcost and the lab's daemons, observing less left alone", TRUE },
  [MIG_FACT_COST_BLOCKS_DURING] = { MIG_SCOPE_TOOL, "observing blocks during migrations", NULL,
    "blocks of three windows, observed and left alone in turn, that these come from" },
  [MIG_FACT_IDENTITY] = { MIG_SCOPE_IDENTITY, NULL, NULL,
    "UUID of a guest that was there; the name is the guest's" },
};
/* clang-format on */

const MigFactInfo *
mig_fact_info (MigFact fact)
{
  g_return_val_if_fail ((guint) fact < MIG_N_FACTS, NULL);
  return &facts[fact];
}

const char *
mig_fact_scope_name (MigFactScope scope)
{
  g_return_val_if_fail ((guint) scope < MIG_N_SCOPES, NULL);
  return scopes[scope];
}

/* The rows of an interval: its value and its ends. */
typedef enum { ROW_VALUE, ROW_LOW, ROW_HIGH, N_ROW_KINDS } RowKind;
static const char *const row_suffixes[N_ROW_KINDS] = { "", " low", " high" };

static gboolean
write_row (MigResultWriter *writer, MigFact fact, RowKind kind, const char *subject,
           const char *value, GError **error)
{
  const MigFactInfo *info = mig_fact_info (fact);
  g_autofree char *name = g_strconcat (info->name ? info->name : subject, row_suffixes[kind], NULL);
  const MigEnvironmentRecord row = {
    .scope = (char *) (scopes[info->scope] ? scopes[info->scope] : subject),
    .name = name,
    .value = (char *) (value ? value : ""),
    .unit = (char *) info->unit,
  };
  return mig_result_writer_append (writer, MIG_TABLE_ENVIRONMENT, &row, error);
}

gboolean
mig_fact_write (MigResultWriter *writer, MigFact fact, const char *subject, const char *value,
                GError **error)
{
  return write_row (writer, fact, ROW_VALUE, subject, value, error);
}

gboolean
mig_fact_write_int (MigResultWriter *writer, MigFact fact, const char *subject, gint64 value,
                    GError **error)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  return mig_fact_write (writer, fact, subject, MIG_IS_MISSING (value) ? NULL : text, error);
}

gboolean
mig_fact_write_interval (MigResultWriter *writer, MigFact fact, const char *subject,
                         const MigFactInterval *interval, GError **error)
{
  const double values[N_ROW_KINDS] = { interval->value, interval->low, interval->high };
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (mig_fact_info (fact)->interval, FALSE);
  for (RowKind kind = ROW_VALUE; kind < N_ROW_KINDS; kind++)
    {
      g_ascii_formatd (text, sizeof text, "%.4f", values[kind]);
      if (!write_row (writer, fact, kind, subject, isnan (values[kind]) ? NULL : text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_row (const MigEnvironmentRecord *row, MigFact fact, RowKind kind)
{
  const MigFactInfo *info = mig_fact_info (fact);

  if (!row->scope || !row->name || !row->value ||
      (scopes[info->scope] && !g_str_equal (row->scope, scopes[info->scope])))
    return FALSE;
  return !info->name || (g_str_has_prefix (row->name, info->name) &&
                         g_str_equal (row->name + strlen (info->name), row_suffixes[kind]));
}

gboolean
mig_fact_is (const MigEnvironmentRecord *row, MigFact fact)
{
  return is_row (row, fact, ROW_VALUE);
}

MigFact
mig_fact_of (const MigEnvironmentRecord *row)
{
  MigFact fact = 0;

  while (fact < MIG_N_FACTS && !is_row (row, fact, ROW_VALUE) &&
         !(facts[fact].interval && (is_row (row, fact, ROW_LOW) || is_row (row, fact, ROW_HIGH))))
    fact++;
  return fact;
}

/* is_about: scopes of one subject each are about it whatever it is called. */
static gboolean
is_about (const MigEnvironmentRecord *row, const MigFactInfo *info, const char *subject)
{
  return !subject || g_strcmp0 (info->name ? row->scope : row->name, subject) == 0;
}

static const char *
find_row (const GPtrArray *rows, MigFact fact, RowKind kind, const char *subject)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const MigEnvironmentRecord *row = rows->pdata[i];
      if (is_row (row, fact, kind) && is_about (row, mig_fact_info (fact), subject) && *row->value)
        return row->value;
    }
  return NULL;
}

static double
find_number (const GPtrArray *rows, MigFact fact, RowKind kind, const char *subject)
{
  const char *text = find_row (rows, fact, kind, subject);
  return text ? g_ascii_strtod (text, NULL) : NAN;
}

const char *
mig_fact_find (const GPtrArray *rows, MigFact fact, const char *subject)
{
  return find_row (rows, fact, ROW_VALUE, subject);
}

double
mig_fact_number (const GPtrArray *rows, MigFact fact, const char *subject)
{
  return find_number (rows, fact, ROW_VALUE, subject);
}

void
mig_facts_drop_superseded (GPtrArray *rows)
{
  static const MigFact renewed[] = { MIG_FACT_UNTIL, MIG_FACT_TIME_LIMIT,
                                     MIG_FACT_MOST_REPETITIONS };

  for (guint f = 0; f < G_N_ELEMENTS (renewed); f++)
    {
      gboolean said = FALSE;
      for (guint i = rows->len; i > 0; i--)
        {
          if (!mig_fact_is (rows->pdata[i - 1], renewed[f]))
            continue;
          if (said)
            g_ptr_array_remove_index (rows, i - 1);
          said = TRUE;
        }
    }
}

MigFactInterval
mig_fact_interval (const GPtrArray *rows, MigFact fact, const char *subject)
{
  return (MigFactInterval){ .value = find_number (rows, fact, ROW_VALUE, subject),
                            .low = find_number (rows, fact, ROW_LOW, subject),
                            .high = find_number (rows, fact, ROW_HIGH, subject) };
}
