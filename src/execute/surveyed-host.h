/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/demand.h"
#include "virt/host.h"
#include "virt/stats.h"

/* What is measured of a host and of all guests that run there. */

/* The dirty rate is taken twice: pages that are updated again and again count once in each. */
#define MIG_SURVEY_SHORT_S 1
#define MIG_SURVEY_LONG_S 4

typedef struct {
  MigGuest *guest;
  MigGuestSize size;
  gint64 short_rate, long_rate; /* bytes/s; missing */
  char *busy;                   /* why it cannot be asked, nor migrated; NULL: it can */
  gboolean asked, silent;       /* an answer is to come; none came */
} MigSurveyedGuest;

typedef struct {
  MigHost *host;
  const GPtrArray *hosts; /* of MigHost: all, and which of them it is */
  guint index;
  GPtrArray *guests; /* of MigGuest */
  MigSurveyedGuest *surveyed;
  MigGuestCpu *before, *after;
  MigHostCpu host_before, host_after;
  gint64 before_ns, after_ns;
} MigSurveyedHost;

/* mig_surveyed_host_new: of that host (of MigHost), and what it has and does not change. Errors: it
 * does not answer. */
MigSurveyedHost *mig_surveyed_host_new (const GPtrArray *hosts, guint index, GError **error);
void mig_surveyed_host_free (gpointer self);

/* mig_surveyed_hosts_measure: CPU times and dirty rates of all of them (MigSurveyedHost) at once,
 * for some seconds. notes: texts are added: whose dirty rate cannot be asked for. */
gboolean mig_surveyed_hosts_measure (const GPtrArray *surveyed, GPtrArray *notes, GError **error);
