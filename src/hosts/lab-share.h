/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"

/* This machine's CPUs, as they are shared out among the hosts of a lab. A study counts a host's
 * CPUs from 0, as on any host, so that the same study runs on the lab and on machines of their
 * own. */

/* mig_lab_share_new: the CPUs that a host owns, as int: the study's CPU 0, 1, ... of it. The caller
 * frees it. */
GArray *mig_lab_share_new (const MigStudy *study, guint host, GError **error);

/* mig_lab_share_check: CPUs that a study's host names are its own. Errors: INVALID: others would be
 * another host's, or none. */
gboolean mig_lab_share_check (const MigStudy *study, const MigStudyHost *host, const GArray *own,
                              GError **error);

/* mig_lab_share_lender: which host lends its first CPU to one that owns a single CPU
 * (mig_cpu_lender), and its number. FALSE: all hosts own the same one. */
gboolean mig_lab_share_lender (const MigStudy *study, guint host, guint *lender, int *cpu);

/* mig_lab_share_lenders: of each host that owns a single CPU who lends it a spare one; its own
 * index: it owns several, or nobody does. The caller frees it. */
guint *mig_lab_share_lenders (const MigStudy *study);
