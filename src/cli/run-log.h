/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"

/* mig_run_log_add: from now on all messages go into the result's run.log too; its id for
 * mig_log_remove_sink(). */
guint mig_run_log_add (MigResultWriter *writer);
