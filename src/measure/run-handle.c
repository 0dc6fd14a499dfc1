/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "measure/run-handle.h"

void
mig_run_handle_init (MigRunHandle *handle)
{
  *handle = (MigRunHandle){ .run = NULL };
  g_mutex_init (&handle->lock);
}

void
mig_run_handle_clear (MigRunHandle *handle)
{
  g_mutex_clear (&handle->lock);
}

void
mig_run_handle_set (MigRunHandle *handle, MigRun *run)
{
  g_mutex_lock (&handle->lock);
  handle->run = run;
  if (run && handle->cancelled)
    mig_run_cancel (run);
  if (run && handle->held)
    mig_run_hold (run);
  g_mutex_unlock (&handle->lock);
}

void
mig_run_handle_cancel (MigRunHandle *handle)
{
  g_mutex_lock (&handle->lock);
  handle->cancelled = TRUE;
  if (handle->run)
    mig_run_cancel (handle->run);
  g_mutex_unlock (&handle->lock);
}

gboolean
mig_run_handle_hold (MigRunHandle *handle)
{
  g_mutex_lock (&handle->lock);
  handle->held = TRUE;
  gboolean idle = !handle->run || mig_run_hold (handle->run);
  g_mutex_unlock (&handle->lock);
  return idle;
}

void
mig_run_handle_release (MigRunHandle *handle)
{
  g_mutex_lock (&handle->lock);
  handle->held = FALSE;
  if (handle->run)
    mig_run_release (handle->run);
  g_mutex_unlock (&handle->lock);
}

gboolean
mig_run_handle_is_cancelled (MigRunHandle *handle)
{
  g_mutex_lock (&handle->lock);
  gboolean cancelled = handle->cancelled;
  g_mutex_unlock (&handle->lock);
  return cancelled;
}
