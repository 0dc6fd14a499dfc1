/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run-guest.h"
#include "probe/prober-client.h"

/* What clients notice of a repetition's guests that are probed: a prober asks them all the while,
 * the lab's or one of migcost's own, and is asked in the end. For the runner's thread alone. NULL,
 * the run of guests that are not probed, may be passed anywhere. */
typedef struct _MigProbing MigProbing;

/* mig_probing_start: guests: of MigRunGuest, which outlive it. NULL: none of them is to be probed,
 * or (a warning) the prober does not answer. */
MigProbing *mig_probing_start (MigRun *run, const GPtrArray *guests);

/* mig_probing_unheard: guests that have not answered yet since they are asked (MigRunGuest); the
 * caller frees it with g_ptr_array_unref(). mig_probing_begin: what was asked up to now tells of
 * how the guests came to be, and is forgotten; from now on clients of their servers ask, too. */
GPtrArray *mig_probing_unheard (MigProbing *probing);
void mig_probing_begin (MigProbing *probing);

/* mig_probing_has_heard: whether all that was asked before that moment has been answered, so that
 * its end need not be waited for; also where nothing was ever answered. */
gboolean mig_probing_has_heard (MigProbing *probing, gint64 since_ns);

/* mig_probing_end: no more is asked; before the guests end. */
void mig_probing_end (MigProbing *probing);

/* mig_probing_rows: once it has ended: MigProbeRecord, of the guest of that name; NULL: it was not
 * probed, or not for long. */
GArray *mig_probing_rows (const MigProbing *probing, const char *guest);

/* mig_probing_write: rows of what lies around these migrations (of MigMigrationRecord). */
void mig_probing_write (const MigProbing *probing, const GPtrArray *migrations);
void mig_probing_free (MigProbing *probing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigProbing, mig_probing_free)
