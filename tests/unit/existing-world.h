/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run-guest.h"

/* A guest that is there, on hosts that libvirt makes up for tests. */

/* what its domain is called */
#define EXISTING_DOMAIN "vm-7"

/* Two hosts, 'a' and 'b', and a study that moves the guest 'vm' from the first to the second. */
typedef struct {
  char *top; /* directory for the hosts' files */
  MigStudy *study;
  GPtrArray *hosts;
  MigRun *run;             /* NULL before existing_world_begin() */
  MigResultWriter *writer; /* that the run writes to; NULL: it has none */
  MigRunGuest *run_guest;
  gboolean moves;
} ExistingWorld;

/* existing_world_init: a, b: the UUID of the domain on either host; NULL: it has none. The same for
 * existing_world_hosts, which makes the hosts anew. */
void existing_world_init (ExistingWorld *world, const char *a, const char *b);
void existing_world_hosts (ExistingWorld *world, const char *const on[2]);

/* existing_world_begin: a repetition. identities: what preflight saw; NULL: nothing. */
void existing_world_begin (ExistingWorld *world, GHashTable *identities);
void existing_world_clear (ExistingWorld *world);

MigStudyGuest *existing_world_guest (const ExistingWorld *world);
