/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/session.h"
#include "measure/run.h"
#include "summary/observing-cost.h"

/* What observing costs the guests of the lab on this machine, for the results that are made here:
 * measured once, for half a minute, and again where the machine, its software or the periods
 * changed. */

/* mig_observing_calibrate: writes the facts into the result, from the cache or, for a lab, measured
 * with four guests that compute on one CPU of its first host. run: as the study is to be run. What
 * it measures costs a warning where guests are slowed down. Nothing is written of other hosts.
 * cancel: called with a runner while it runs (mig_terminal_on_interrupt). Errors: INTERRUPTED;
 * FAILED: guests do not run. */
gboolean mig_observing_calibrate (MigSession *session, const MigStudy *study,
                                  const MigRunOptions *run, void (*cancel) (gpointer runner),
                                  GError **error);

/* mig_observing_cost_write: of a result whose guests were observed and left alone in turn; read
 * from its own directory. Nothing where they were not. */
gboolean mig_observing_cost_write (MigResultWriter *writer, GError **error);
