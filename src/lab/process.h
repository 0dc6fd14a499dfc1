/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* A process that is not this one's child. What is signalled is what was opened, even if the number
 * has been given to another process since; on kernels without pidfd_open (before 5.3) the number
 * has to do. */
typedef struct {
  pid_t pid;
  int fd;
} MigProcess;

/* mig_process_open: FALSE with errno set; ESRCH: there is no such process. */
gboolean mig_process_open (MigProcess *process, pid_t pid);
void mig_process_close (MigProcess *process);

/* mig_process_signal: FALSE with errno set. */
gboolean mig_process_signal (const MigProcess *process, int number);

/* mig_process_wait: until it has ended; FALSE if it has not at deadline_ns (mig_clock_now). */
gboolean mig_process_wait (const MigProcess *process, gint64 deadline_ns);
