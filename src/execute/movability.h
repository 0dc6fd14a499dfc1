/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/survey.h"
#include "virt/guest.h"

/* Which guests can be moved, as far as that can be known before anything is moved. */

/* mig_movability_find: of a guest that runs on hosts[from] (hosts: MigHost), before anything is
 * moved: why it can go to none of the others, and what to do about it, as far as that can be known;
 * NULL: nothing is known. The caller frees it. What may fail, or fails on some of the hosts,
 * becomes notes (of char *), under the name that the guest has in the plan. */
char *mig_movability_find (MigGuest *guest, const GPtrArray *hosts, guint from, const char *vm,
                           GPtrArray *notes);

/* mig_movability_mark: VMs that are busy stay where they are, and the plan does without them; those
 * that can be moved nowhere carry the reason. */
void mig_movability_mark (const MigSurvey *survey, MigFleet *fleet);
