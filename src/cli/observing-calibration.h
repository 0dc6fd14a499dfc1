/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/observing-trial.h"

/* What observing costs the guests, among the facts of a result. */

/* mig_observing_calibrate: writes what the trial on the lab of this machine has found: measured
 * now, or remembered where neither machine, its software nor the periods have changed since. run:
 * as the study is to be run. A warning where guests are slowed down. Nothing is written of other
 * hosts. on_runner: as of mig_observing_trial_run(), and so are the errors. */
gboolean mig_observing_calibrate (MigSession *session, const MigStudy *study,
                                  const MigRunOptions *run, void (*on_runner) (MigRunner *runner),
                                  GError **error);

/* mig_observing_cost_write: of a result whose guests were observed and left alone in turn; read
 * from its own directory. Nothing where they were not. */
gboolean mig_observing_cost_write (MigResultWriter *writer, GError **error);
