/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/observing-periods.h"
#include "hosts/run-host.h"
#include "hosts/session-options.h"
#include "hosts/undo.h"
#include "lab/lab.h"
#include "results/result.h"

/* The hosts of a study, open: remote ones by their URIs, or the lab where the study names none. */
typedef struct {
  MigLab *lab;      /* NULL: no lab is used */
  GPtrArray *hosts; /* MigRunHost, in the study's order */
  MigUndo *undo;    /* what was uploaded; NULL: nothing */
} MigSession;

/* mig_session_open: applies the options to the study, starts the lab where it is needed, connects
 * to all hosts. Errors: what is missing. */
MigSession *mig_session_open (MigStudy *study, const MigSessionOptions *options, GError **error);
void mig_session_free (MigSession *session); /* the lab ends */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigSession, mig_session_free)

/* mig_session_host_traits: of all its hosts. */
MigHostTraits mig_session_host_traits (const MigSession *session);

/* mig_session_has_link: whether it has a link that can be given another rate, by
 * mig_session_shape_link: MigRunnerOptions.shape_link with the session as data. */
gboolean mig_session_has_link (const MigSession *session);
gboolean mig_session_shape_link (guint64 bytes_per_s, gpointer session, GError **error);

/* mig_session_prober: MigRunOptions.prober: NULL: guests have no network. */
const char *mig_session_prober (const MigSession *session);

/* mig_session_write_lab: what the lab is, into the result's environment. */
gboolean mig_session_write_lab (const MigSession *session, MigResultWriter *writer, GError **error);

/* mig_session_check: whether an earlier run, whose environment these rows are, may go on here: in
 * the lab or not, as before, and on hosts like those (mig_environment_check). Errors: USAGE,
 * INVALID.
 */
gboolean mig_session_check (const MigSession *session, const GPtrArray *rows, GError **error);

/* mig_session_daemon_cpu: MigRunOptions.daemon_cpu: of a host of the lab; of others it is not
 * known. */
gint64 mig_session_daemon_cpu (guint host, gpointer session);
