/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_cpu_lender: which of the hosts that share out the CPUs of one machine lends a spare one to a
 * host that owns a single CPU: the next one whose first CPU is another. first: of each host, as
 * int; -1: not known. The number of hosts: all own the same. */
guint mig_cpu_lender (const GArray *first, guint host);

/* The CPUs of a host that a case gave its guests and its management, by what is swept and the facts
 * of the environment. */
typedef struct {
  double guests;      /* that its guests may use; NaN: not known */
  double management;  /* that its management has apart from them; 0: it uses theirs */
  const char *lender; /* the host of the lab whose guests use those; NULL: none's do */
  double sampled;     /* that the host's own samples are of; NaN: not known */
} MigGivenCpus;

/* What is known of them in a result. */
typedef struct _MigCpuTable MigCpuTable;

/* mig_cpu_table_new: environment: of MigEnvironmentRecord, parameters: of MigParameterRecord, which
 * must outlive it. */
MigCpuTable *mig_cpu_table_new (const GPtrArray *environment, const GPtrArray *parameters);
void mig_cpu_table_free (MigCpuTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigCpuTable, mig_cpu_table_free)

MigGivenCpus mig_cpu_table_find (const MigCpuTable *table, const char *case_label,
                                 const char *host);
