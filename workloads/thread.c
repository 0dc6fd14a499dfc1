/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "workloads/thread.h"

#define STACK_BYTES (64 * 1024)

/* The thread is born with all signals blocked. */
static int
create (const pthread_attr_t *attributes, void *(*body) (void *), void *opaque)
{
  pthread_t thread;
  sigset_t all, before;

  sigfillset (&all);
  pthread_sigmask (SIG_BLOCK, &all, &before);
  int failure = pthread_create (&thread, attributes, body, opaque);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return failure;
}

int
mig_thread_start (void *(*body) (void *), void *opaque, int priority)
{
  struct sched_param fifo = { .sched_priority = priority };
  pthread_attr_t attributes;

  pthread_attr_init (&attributes);
  pthread_attr_setdetachstate (&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize (&attributes, STACK_BYTES);
  pthread_attr_setinheritsched (&attributes, PTHREAD_EXPLICIT_SCHED);
  pthread_attr_setschedpolicy (&attributes, SCHED_FIFO);
  pthread_attr_setschedparam (&attributes, &fifo);
  int failure = create (&attributes, body, opaque);
  if (failure)
    {
      pthread_attr_setinheritsched (&attributes, PTHREAD_INHERIT_SCHED);
      failure = create (&attributes, body, opaque);
    }
  pthread_attr_destroy (&attributes);
  return failure;
}
