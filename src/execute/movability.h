/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/verdict.h"
#include "study/study.h"
#include "virt/guest.h"

/* Which guests can be moved, as far as that can be known before anything is moved. */

/* mig_movability_find: of a guest that runs on hosts[from] (hosts: MigHost), and is to be migrated
 * so. vm: the name that it has in the plan. busy: what else is done with it now; NULL: nothing. */
MigGuestVerdict *mig_movability_find (MigGuest *guest, const GPtrArray *hosts, guint from,
                                      const MigMigrationFlags *flags, const char *vm,
                                      const char *busy);
