/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "workloads/limits.h"
#include "workloads/options.h"

/* What the parts of the guest program share. libc only: it is linked statically and is PID 1. */

#define MIG_GUEST_NS_PER_S INT64_C (1000000000)
#define MIG_GUEST_NS_PER_MS INT64_C (1000000)
#define MIG_GUEST_WHY_SIZE 192 /* bytes for a message, NUL included */

/* Where time comes from; tests put their own in. */
typedef struct {
  int64_t (*now) (void *opaque); /* monotonic ns */
  /* sleep_until: returns at the deadline or, when a signal arrives, earlier. */
  void (*sleep_until) (void *opaque, int64_t deadline_ns);
  void *opaque;
} MigGuestClock;

extern const MigGuestClock mig_guest_clock; /* CLOCK_MONOTONIC */

typedef struct MigGuest MigGuest;

/* One of the threads that work: as many as the guest has vCPUs. */
typedef struct {
  _Alignas(64) MigGuest *guest; /* no two of them in one line of the cache */
  void *state;                  /* the workload's own */
  _Atomic uint64_t work_units;  /* written by this thread only */
} MigGuestWorker;

/* A workload. All of them are in the table of workload.c; doc/workloads.md tells how to add one. */
typedef struct {
  const char *name;         /* first word of the command line; no spaces */
  const char *unit;         /* what one work unit is, words joined by '-' */
  const char *summary;      /* one line for people */
  const MigOption *options; /* its own, beside those that all have; ends with a NULL name; NULL:
                               none */
  bool disk;                /* it works on the guest's disk, whose driver it needs */
  /* prepare: once, before READY: gets what step needs into guest->state and that of the workers,
   * guest->options.threads of them. False: why (of MIG_GUEST_WHY_SIZE bytes) holds one line that
   * says what failed and what is needed. */
  bool (*prepare) (MigGuest *guest, char *why);
  /* step: called again and again from each worker's thread, until guest->stop. Works for about a
   * millisecond, or sleeps to its next deadline, through guest->clock; adds to the work units
   * through mig_guest_add_work(); shares nothing with other workers that either of them writes.
   * Must not read a clock or make a system call more often than about once a millisecond: under
   * emulation both are expensive. */
  void (*step) (MigGuestWorker *worker);
  void (*release) (MigGuest *guest); /* undoes prepare; NULL: nothing to undo */
} MigWorkload;

struct MigGuest {
  const MigWorkload *workload;
  MigGuestOptions options;
  const MigGuestClock *clock;
  void (*damage) (const char *text); /* reports that memory does not hold what was written */
  void (*power_off) (void);          /* ends the guest */
  void *state;                       /* the workload's own */
  MigGuestWorker workers[MIG_GUEST_WORKERS_MAX];
  atomic_bool stop;
};

/* mig_guest_add_work: single writer, so that no locked instruction is needed. */
static inline void
mig_guest_add_work (MigGuestWorker *worker, uint64_t units)
{
  uint64_t done = atomic_load_explicit (&worker->work_units, memory_order_relaxed);
  atomic_store_explicit (&worker->work_units, done + units, memory_order_relaxed);
}

/* mig_guest_work: work units of all workers. */
uint64_t mig_guest_work (const MigGuest *guest);
