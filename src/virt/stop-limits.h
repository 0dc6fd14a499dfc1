/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"
#include "virt/migrate.h"

/* When pre-copy has to end, decided where a round ends, as Xen's toolstack does (xc_domain_save.c
 * of Xen 4.4; xc_sr_save.c since 4.6). QEMU has no such rule: it is imposed by raising the downtime
 * limit, which makes QEMU switch over with what is left. A migration by post-copy switches after
 * its first round, whatever the rule. */
typedef enum {
  MIG_STOP_NOT_YET,
  MIG_STOP_ROUNDS,
  MIG_STOP_PAGES,
  MIG_STOP_RAM,
  MIG_STOP_POST_COPY,
  MIG_STOP_SUSPENDED /* it took longer than its timeout, and was to end so */
} MigStopCause;

/* mig_stop_cause_name: "rounds", "pages", "ram", "post-copy", "suspended"; NULL for NOT_YET. */
const char *mig_stop_cause_name (MigStopCause cause);

/* mig_stop_cause_find: of that name; NOT_YET: none has it. */
MigStopCause mig_stop_cause_find (const char *name);

/* mig_stop_impose: makes a migration end for this reason: by post-copy, by a standstill, or with
 * what it has left to send. */
gboolean mig_stop_impose (MigGuest *guest, MigStopCause cause, GError **error);

/* mig_stop_rule_decide: rounds_done: live rounds that are over. job: statistics at that moment;
 * pages sent are whole and constant pages, as Xen counts them. Missing statistics never stop. Pure.
 */
MigStopCause mig_stop_rule_decide (const MigStopLimits *limits, gint64 rounds_done,
                                   const MigJobStatistics *job);

/* mig_stop_rule_in_force: the rule that a migration from a host ends by: the wanted one where it
 * can be imposed, else what the hypervisor does by itself. Xen's toolstack has one rule since 4.6
 * and had another before; of others it is not known. Pure. */
MigStopRule mig_stop_rule_in_force (MigStopRule wanted, gboolean can_impose,
                                    const MigHostInfo *source);

/* mig_stop_rule_downtime: the downtime limit to begin with, so that the hypervisor itself switches
 * over when fewer than min_pages are left: their time on a link of that rate, at least 1 ms. 0
 * where the rule has no such limit. */
gint64 mig_stop_rule_downtime (const MigStopLimits *limits, guint64 link_bytes_per_s);

/* mig_stop_first_limit: the downtime limit that a study's migrations begin with: its own, or its
 * stop rule's. 0: the hypervisor's. */
gint64 mig_stop_first_limit (const MigStudy *study);

/* the downtime limit that ends pre-copy whatever is left */
#define MIG_STOP_NOW_NS (1000 * MIG_NS_PER_S)
