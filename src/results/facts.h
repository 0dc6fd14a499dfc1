/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"

/* The facts of environment.csv: what is written of the hosts, the link and the tool, and looked up
 * again by what reads a result. Rows that an older or newer version wrote and that are not in the
 * table are facts all the same: they are shown, and found by nobody. */

/* What a fact is about: the column scope. */
typedef enum {
  MIG_SCOPE_HOST, /* the name of a host */
  MIG_SCOPE_LAB,
  MIG_SCOPE_LINK,
  MIG_SCOPE_MACHINE,  /* that migcost runs on; in the lab it is the hosts' too */
  MIG_SCOPE_TOOL,     /* migcost itself */
  MIG_SCOPE_IDENTITY, /* guests that were there; the column name is a guest's */
  MIG_N_SCOPES
} MigFactScope;

typedef enum {
  MIG_FACT_URI,
  MIG_FACT_DRIVER,
  MIG_FACT_HYPERVISOR_VERSION,
  MIG_FACT_LIBVIRT_VERSION,
  MIG_FACT_HOSTNAME,
  MIG_FACT_CPU_ARCHITECTURE,
  MIG_FACT_CPUS,
  MIG_FACT_MEMORY,
  MIG_FACT_VIRTUAL_MACHINE,
  MIG_FACT_CPU_USED,
  MIG_FACT_MANAGEMENT_CPU,
  MIG_FACT_CPUS_OWNED,
  MIG_FACT_ROUND_TRIP,
  MIG_FACT_EMULATOR,
  MIG_FACT_TEMPLATE,
  MIG_FACT_DOMAIN_TYPE,
  MIG_FACT_KERNEL,
  MIG_FACT_MANAGEMENT,
  MIG_FACT_OBSERVING_BEFORE,
  MIG_FACT_OBSERVING_DURING,
  MIG_FACT_OBSERVING_AFTER,
  MIG_FACT_LAB_MODE,
  MIG_FACT_LAB_VIRTUALIZATION,
  MIG_FACT_LAB_WHY_NOT_KVM,
  MIG_FACT_LAB_CPU_SHARING,
  MIG_FACT_LAB_NETWORK,
  MIG_FACT_LINK_CONFIGURED,
  MIG_FACT_LINK_MEASURED,
  MIG_FACT_LINK_CONGESTION_CONTROL,
  MIG_FACT_MACHINE_KERNEL,
  MIG_FACT_MACHINE_CPU_MODEL,
  MIG_FACT_MACHINE_GOVERNOR,
  MIG_FACT_MACHINE_HUGE_PAGES,
  MIG_FACT_MACHINE_SAMEPAGE_MERGING,
  MIG_FACT_MACHINE_LOAD,
  MIG_FACT_MACHINE_CPUS,
  MIG_FACT_MACHINE_STOLEN,
  MIG_FACT_HEARTBEAT_OPTION,
  MIG_FACT_SAMPLING_OPTION,
  MIG_FACT_OPTION,
  MIG_FACT_UNTIL,
  MIG_FACT_TIME_LIMIT,
  MIG_FACT_MOST_REPETITIONS,
  MIG_FACT_HEARTBEAT,
  MIG_FACT_HEARTBEAT_REST,
  MIG_FACT_HEARTBEAT_MOVING,
  MIG_FACT_HEARTBEAT_SWITCH,
  MIG_FACT_SAMPLING,
  MIG_FACT_SAMPLING_REST,
  MIG_FACT_SAMPLING_MOVING,
  MIG_FACT_OWN_CPU_TIME,
  MIG_FACT_OWN_WALL_TIME,
  MIG_FACT_OWN_MEMORY,
  MIG_FACT_OWN_OBSERVING_BEFORE,
  MIG_FACT_OWN_OBSERVING_DURING,
  MIG_FACT_OWN_OBSERVING_AFTER,
  MIG_FACT_COST_WORK_BEFORE,
  MIG_FACT_COST_CPU_BEFORE,
  MIG_FACT_COST_BLOCKS_BEFORE,
  MIG_FACT_COST_WORK_DURING,
  MIG_FACT_COST_CPU_DURING,
  MIG_FACT_COST_BLOCKS_DURING,
  MIG_FACT_IDENTITY,
  MIG_N_FACTS
} MigFact;

typedef struct {
  MigFactScope scope;
  const char *name;    /* as in the column name; NULL: a guest's */
  const char *unit;    /* NULL: a text, or a number without a unit */
  const char *meaning; /* one sentence */
  gboolean interval; /* three rows: NAME, and the ends of its 95 % interval: NAME low, NAME high */
} MigFactInfo;

const MigFactInfo *mig_fact_info (MigFact fact);

/* mig_fact_scope_name: as in the column scope; NULL: a host's name. */
const char *mig_fact_scope_name (MigFactScope scope);

/* Values that are looked at. */
#define MIG_FACT_ALL_CPUS "all"                  /* of MIG_FACT_MANAGEMENT_CPU */
#define MIG_FACT_DRIVER_XEN "Xen"                /* of MIG_FACT_DRIVER */
#define MIG_FACT_SHARING_THREADS "threads alike" /* MIG_FACT_LAB_CPU_SHARING begins so */

/* mig_fact_write: one row. subject: the host, or the guest, that it is about; NULL where the scope
 * says that. value NULL: not known, an empty text. Errors: those of mig_result_writer_append(). */
gboolean mig_fact_write (MigResultWriter *writer, MigFact fact, const char *subject,
                         const char *value, GError **error);

/* mig_fact_write_int: a number; a missing one is an empty text. */
gboolean mig_fact_write_int (MigResultWriter *writer, MigFact fact, const char *subject,
                             gint64 value, GError **error);

/* A value and the ends of its 95 % interval; NaN: not known. */
typedef struct {
  double value, low, high;
} MigFactInterval;

/* mig_fact_write_interval: the three rows of a fact that is one. */
gboolean mig_fact_write_interval (MigResultWriter *writer, MigFact fact, const char *subject,
                                  const MigFactInterval *interval, GError **error);

/* mig_fact_of: which fact a row is of, ends of intervals included; MIG_N_FACTS: of none. */
MigFact mig_fact_of (const MigEnvironmentRecord *row);

/* mig_fact_is: whether a row is that fact, of whatever host or guest; of an interval: its value.
 */
gboolean mig_fact_is (const MigEnvironmentRecord *row, MigFact fact);

/* mig_fact_find: the first value in the rows (of MigEnvironmentRecord) that is not empty. subject:
 * as above; NULL: of any. NULL: there is none. */
const char *mig_fact_find (const GPtrArray *rows, MigFact fact, const char *subject);

/* mig_fact_number: the same as a number; NaN: there is none. */
double mig_fact_number (const GPtrArray *rows, MigFact fact, const char *subject);

/* mig_facts_drop_superseded: removes from rows what a later row says anew: the end of a run that
 * was given another one (MIG_FACT_UNTIL, MIG_FACT_TIME_LIMIT). The last one holds. */
void mig_facts_drop_superseded (GPtrArray *rows);

/* mig_fact_interval: of a fact that is one. */
MigFactInterval mig_fact_interval (const GPtrArray *rows, MigFact fact, const char *subject);
