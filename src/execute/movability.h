/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/surveyed-host.h"
#include "plan/verdict.h"

/* Which guests can be moved, as far as that can be known before anything is moved. */

/* mig_movability_find: of the index-th guest of a host, which is to be migrated so. vm: the name
 * that it has in the plan. xml: as mig_guest_xml() has it; NULL: the host does not tell, or the
 * guest is busy. */
MigGuestVerdict *mig_movability_find (const MigSurveyedHost *from, guint index, const char *vm,
                                      const char *xml, const MigMigrationFlags *flags);
