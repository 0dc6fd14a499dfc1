/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe.h"
#include "results/records.h"

/* Which probes of a repetition's guests are stored. Pure.
 *
 * Of a guest that moves, those that were sent so long before its migration began, so long before it
 * stopped, and so long after the end; of one that stays, the same around every migration of the
 * run. Beyond that, from there on, those that were answered late (MIG_PROBE_LATE_NS) or never, with
 * the one before and the one after: what is not stored was answered in time. Over 200 a second are
 * sent to each guest: what is late has a bound, after which no more of that guest, kind and
 * connection is stored. */
#define MIG_PROBES_BEFORE_NS (5 * MIG_NS_PER_S)
#define MIG_PROBES_APPROACH_NS (3 * MIG_NS_PER_S)
#define MIG_PROBES_AFTER_NS (5 * MIG_NS_PER_S)
#define MIG_PROBES_MAX_LATE 12000

/* mig_probes_select: probes: of MigProbe, those of one guest, kind and connection one after the
 * other by their numbers; guests: their names (const char *), by the probes' numbers of guests;
 * migrations: of const MigMigrationRecord *. Returns a gboolean for each probe; *cut (may be NULL):
 * how many the bound has left out. */
GArray *mig_probes_select (const GArray *probes, const GPtrArray *guests,
                           const GPtrArray *migrations, guint *cut);
