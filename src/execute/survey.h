/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/fleet.h"
#include "plan/verdict.h"
#include "results/columns.h"
#include "study/study.h"
#include "virt/host.h"

/* What the model wants to know of running guests and their hosts, found out without touching the
 * guests. */
typedef struct {
  GPtrArray *rows;   /* of MigFleetRecord */
  GHashTable *uuids; /* VM -> char *: UUID of its domain */
  GHashTable *seen;  /* VM -> guint64 *: bytes that it was seen to update, where its working set may
                        be larger */
  GHashTable *uris;  /* host -> char *: by which it was asked */
  GPtrArray *verdicts;    /* of MigGuestVerdict: of all guests, in the order of the rows */
  GPtrArray *notes;       /* of char *: what could not be measured, and what is assumed instead */
  gboolean disks_unknown; /* how large they are of some guest, where they are to be copied */
} MigSurvey;

/* mig_survey_bytes: an amount as a fleet file has it: "512 MiB". The caller frees it. */
char *mig_survey_bytes (gint64 bytes);

/* mig_survey_rates: from the rates of distinct bytes over a short and a long time, each in bytes/s,
 * missing where unknown: pages updated per second, and the working set. TRUE: the longer time met
 * the same pages again, so the working set is known; FALSE: it may be larger than *wss_bytes. Pure.
 */
gboolean mig_survey_rates (gint64 short_rate, gint64 long_rate, double *pages_per_s,
                           gint64 *wss_bytes);

/* mig_survey_name: what a guest is called where all hosts are spoken of: by its domain's name, or,
 * where taken has that already, by "NAME@HOST". The caller frees it. */
char *mig_survey_name (GHashTable *taken, const char *domain, const char *host);

/* mig_survey: of the hosts (MigHost) and all guests that run there; takes some seconds. link: rate
 * of every host's, as in a fleet file; NULL: not known. flags: how they would be migrated. Errors:
 * a host does not answer. */
MigSurvey *mig_survey (const GPtrArray *hosts, const char *link, const MigMigrationFlags *flags,
                       GError **error);
void mig_survey_free (MigSurvey *survey);

/* mig_survey_verdict: of the guest with that name; NULL: there is none of it. */
const MigGuestVerdict *mig_survey_verdict (const MigSurvey *survey, const char *vm);

/* mig_survey_is_busy: something else is done with it now, so that it cannot be migrated; its
 * verdict says what. */
gboolean mig_survey_is_busy (const MigSurvey *survey, const char *vm);

/* mig_survey_mark: VMs that are busy stay where they are, and the plan does without them; those
 * that can be moved nowhere carry the reason, and hosts that would refuse one are closed to it. */
void mig_survey_mark (const MigSurvey *survey, MigFleet *fleet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigSurvey, mig_survey_free)
