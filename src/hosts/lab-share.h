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

/* mig_lab_share_other: the first CPU of the next host, for one that owns a single CPU. -1: all
 * hosts own the same one. */
int mig_lab_share_other (const MigStudy *study, guint host, const GArray *own);
