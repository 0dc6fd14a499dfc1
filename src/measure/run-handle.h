/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run.h"

/* How others reach what goes on, one run after the other, from any thread: what is asked holds for
 * the runs to come, too. */
typedef struct {
  GMutex lock;
  MigRun *run;              /* (L) NULL: none goes on now */
  gboolean cancelled, held; /* (L) */
} MigRunHandle;

void mig_run_handle_init (MigRunHandle *handle);
void mig_run_handle_clear (MigRunHandle *handle);

/* mig_run_handle_set: the run that goes on from now on; NULL: none does. It must be unset before
 * it is freed. */
void mig_run_handle_set (MigRunHandle *handle, MigRun *run);

/* As of the run: mig_run_cancel(), mig_run_hold(), mig_run_release(). */
void mig_run_handle_cancel (MigRunHandle *handle);
gboolean mig_run_handle_hold (MigRunHandle *handle);
void mig_run_handle_release (MigRunHandle *handle);

gboolean mig_run_handle_is_cancelled (MigRunHandle *handle);
