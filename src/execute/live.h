/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"
#include "execute/survey.h"

/* Running guests as a fleet to plan for. */

/* mig_plan_live_split: "NAME=URI", or "URI" alone: then it is called by its place, from 0. The
 * caller frees *name; *uri is in text. */
void mig_plan_live_split (const char *text, guint index, char **name, const char **uri);

/* mig_plan_live: connects to hosts, each "NAME=URI" or "URI" alone, and surveys them. link: rate of
 * their links; NULL: not known. Errors: USAGE where two have the same name; a host that cannot be
 * reached; a rate that is none; UNSUPPORTED: guests would be migrated by TLS, and a host is of a
 * lab without certificates. */
MigSurvey *mig_plan_live (char **hosts, const char *link, const MigMigrationFlags *flags,
                          GError **error);

/* mig_plan_live_lower_bound: the moves of an order, where no VM updates more memory than it was
 * seen to. FALSE: all working sets are known. Else *order is filled; the caller clears it. */
gboolean mig_plan_live_lower_bound (const MigSurvey *survey, const MigModel *model,
                                    const MigFleet *fleet, const MigOrder *best, MigOrder *order);
