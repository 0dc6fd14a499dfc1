/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The CPUs of a host that a case gave its guests and its management, by what is swept and the facts
 * of the environment. */
typedef struct {
  double guests;      /* that its guests may use; NaN: not known */
  double management;  /* that its management has apart from them; 0: it uses theirs */
  const char *lender; /* the host of the lab whose guests use those; NULL: none's do */
  double sampled;     /* that the host's own samples are of; NaN: not known */
} MigGivenCpus;

/* mig_given_cpus_find: environment: of MigEnvironmentRecord, which must outlive the result;
 * parameters: of MigParameterRecord. */
MigGivenCpus mig_given_cpus_find (const GPtrArray *environment, const GPtrArray *parameters,
                                  const char *case_label, const char *host);
