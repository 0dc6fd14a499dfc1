/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What a connection can do. Found out by asking it (a harmless call and its error), so that an
 * unknown driver degrades instead of failing. */
typedef enum {
  MIG_CAN_BULK_STATISTICS,   /* CPU of all guests in one call */
  MIG_CAN_JOB_STATISTICS,    /* bytes, rounds, reported downtime of a migration */
  MIG_CAN_ITERATION_EVENTS,  /* an event at each pre-copy round */
  MIG_CAN_SUSPENDED_EVENT,   /* an event when the guest stops on the source */
  MIG_CAN_MAX_DOWNTIME,      /* the downtime limit can be set: a stop rule can be imposed */
  MIG_CAN_BANDWIDTH,         /* the bandwidth of a migration can be limited */
  MIG_CAN_ABORT,             /* a migration can be aborted */
  MIG_CAN_HOST_CPU,          /* CPU time of the host's CPUs */
  MIG_CAN_EMULATOR_PIN,      /* the guest's management threads can be pinned */
  MIG_CAN_MANAGEMENT_DOMAIN, /* there is a Domain-0 */
  MIG_CAN_MEMORY_COUNTERS,   /* pages sent whole and constant */
  MIG_CAN_DIRTY_RATE,   /* how fast a guest dirties its memory can be measured while it stays */
  MIG_CAN_PEER_TO_PEER, /* its daemon can drive a migration by itself */
  MIG_N_CAPABILITIES
} MigCapability;

typedef struct {
  const char *name;     /* "job statistics" */
  const char *meaning;  /* one sentence */
  const char *stand_in; /* what is used where it is lacking; NULL: nothing */
  const char *table;    /* where it lacks, these columns are empty; NULL: none */
  const char *columns;  /* separated by spaces */
} MigCapabilityInfo;

const MigCapabilityInfo *mig_capability_info (MigCapability capability);
