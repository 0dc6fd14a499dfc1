/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The guest's parameters: key=value words. Strict: what is not understood is an error. */

/* between heartbeats */
#define MIG_OPTION_PERIOD_MIN_NS UINT64_C (1000000)
#define MIG_OPTION_PERIOD_MAX_NS UINT64_C (60000000000)

typedef enum { MIG_GUEST_ORDER_SEQUENTIAL, MIG_GUEST_ORDER_RANDOM } MigGuestOrder;

/* Every parameter of every workload; numbers only. */
typedef struct {
  uint64_t period_ns;        /* between heartbeats, until another one is asked for */
  uint64_t threads;          /* that work: one for each vCPU */
  uint64_t address;          /* of its network card, MIG_OPTION_ADDRESS; 0: it has none */
  uint64_t off_after_ns;     /* the guest powers off so long after READY; 0: never */
  uint64_t wss_bytes;        /* memory: working set; io: the same on the disk */
  uint64_t rate_pages_per_s; /* memory; io: blocks; 0 = as fast as it can */
  uint64_t order;            /* memory, io: MigGuestOrder */
} MigGuestOptions;

typedef enum {
  MIG_OPTION_NUMBER,   /* decimal digits */
  MIG_OPTION_DURATION, /* decimal digits and ns, us, ms or s; kept in ns */
  MIG_OPTION_CHOICE,   /* one word of choices; kept as its position */
  MIG_OPTION_ADDRESS,  /* IPv4 address and length of the network's prefix, kept in the bits above
                          those of the address; or none: 0 */
} MigOptionKind;

#define MIG_OPTION_ADDRESS_BITS 32

/* One parameter. A table of them ends with a NULL name. */
typedef struct {
  const char *name;
  MigOptionKind kind;
  size_t offset;              /* in MigGuestOptions, of an uint64_t */
  uint64_t minimum, maximum;  /* both allowed; ns for durations */
  const char *const *choices; /* NULL-ended */
  const char *fallback;       /* the default, as it would be given */
  const char *meaning;        /* with the unit */
} MigOption;

extern const MigOption mig_option_common[]; /* those that every workload has */

/* mig_option_parse: fills options from count words, with the defaults for what is not given. own:
 * the workload's table, or NULL. False: why (of size bytes) says what is wrong and what was
 * expected. */
bool mig_option_parse (const MigOption *own, int count, char *const *words,
                       MigGuestOptions *options, char *why, size_t size);
