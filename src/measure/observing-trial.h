/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/session.h"
#include "measure/runner.h"

/* A trial of half a minute on the lab that tells what observing costs there: four guests compute on
 * one CPU of its first host and are observed and left alone in turn. */

/* mig_observing_trial_key: all that its outcome depends on: the machine, its software, the periods.
 * NULL: it is not known. The caller frees it. */
char *mig_observing_trial_key (const MigSession *session, const MigRunOptions *run);

/* mig_observing_trial_run: makes a result of it at path. study: whose hosts are used; run: as the
 * study is to be run. on_runner: called with the runner before it runs, so that it can be
 * cancelled, and with NULL once it has. Errors: INTERRUPTED; FAILED: guests do not run. */
gboolean mig_observing_trial_run (const char *path, const MigStudy *study, const MigRunOptions *run,
                                  void (*on_runner) (MigRunner *runner), GError **error);
