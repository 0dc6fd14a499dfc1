/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/loaded-result.h"

/* What a study sweeps, in plain words: on whose CPU a migration's sender and receiver run is said
 * by what they share it with; all else is called as in the study, without the kind of object. */
typedef struct _MigConditions MigConditions;

/* mig_conditions_new: of a result, which must outlive it. */
MigConditions *mig_conditions_new (const MigLoadedResult *result);
void mig_conditions_free (MigConditions *conditions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigConditions, mig_conditions_free)

/* mig_conditions_is: whether a row is of what is swept, rather than of an experiment. */
gboolean mig_conditions_is (const MigParameterRecord *record);

/* mig_conditions_name: of a parameter: "link", "sender", "receiver", "m.rate". The caller frees it.
 */
char *mig_conditions_name (const MigConditions *conditions, const char *parameter);

/* mig_conditions_value: of a case: "10 Gbit/s", "beside guests", "on other's CPU", "on any CPU",
 * "apart"; NULL: the case has none. The caller frees it. */
char *mig_conditions_value (const MigConditions *conditions, const MigCaseSummary *study_case,
                            const char *parameter);

/* mig_conditions_text: all of a case's: "250 Mbit/s, sender apart, receiver beside guests". The
 * caller frees it. */
char *mig_conditions_text (const MigConditions *conditions, const MigCaseSummary *study_case);

/* mig_conditions_lend: whether a case has a sender or a receiver on the CPU of the other host's
 * guests, in a lab whose hosts own one each: "on other's CPU". */
gboolean mig_conditions_lend (const MigConditions *conditions);

/* mig_conditions_values: of all cases, in the study's order, once each: "beside guests or apart";
 * base: that of cases without one. NULL: it is not swept. The caller frees it. */
char *mig_conditions_values (const MigConditions *conditions, const char *parameter,
                             const char *base);
