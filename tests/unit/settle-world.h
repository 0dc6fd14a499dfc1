/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/settle.h"

/* Hosts 'a', 'b' and 'c' of libvirt's driver for tests, and what they say of one guest whose
 * migrations an execution had begun when it was killed. Time that is waited for is skipped. For
 * programs that are linked as test-settle is (module.mk): what libvirt would answer is said here in
 * its place. */

/* What a host has of the guest. */
typedef enum { NOTHING, SHUT_OFF, RUNNING } Has;

typedef struct {
  int shutoff_reason; /* why a domain that is shut off has ended */
  Has on_c;
  gint64 skipped_ns; /* time that was not slept */

  /* A post-copy from host 'a' that libvirt has given up: so often it is asked for the job until
   * that stands still, and until it is at its end. */
  struct {
    gboolean failed;
    guint sends, ends, asked;
  } post_copy;

  /* A migration from host 'a' that goes on until it is aborted, or has been asked about so often;
   * the domain on host 'b' waits for it, and is shut off then. */
  struct {
    gboolean goes_on;
    guint ends, asked, aborts;
    gint64 since_ns;
    gboolean arrives;         /* on host 'b' */
    unsigned long long round; /* under way, from 1 */
    guint limits, switches;   /* how often its downtime limit was raised; it was made post-copy */
  } leaving;

  /* What is left on host 'a' of a guest that runs on 'b': it stands still there, and is shut off
   * once it has been asked about so often. */
  struct {
    gboolean is_left;
    guint ends, asked;
  } copy;
} SettleWorld;

extern SettleWorld world;

/* settle_world_test: g_test_run(), with what it takes around it. Its status. */
int settle_world_test (void);

/* settle_world_new: of an execution that had begun nothing. settle_world_add: a move of the guest;
 * state RUNNING: it had begun; WAITING: it had not. settle_world_move: that was added so. */
MigInterrupted *settle_world_new (void);
void settle_world_add (MigInterrupted *interrupted, const char *from, const char *to,
                       MigMoveState state);
const MigPlannedMove *settle_world_move (const MigInterrupted *interrupted, guint index);

/* settle_world_settle: hosts 'a' and 'b' have that of the guest. settle_world_leaving: a migration
 * goes on from 'a', to 'b' or elsewhere. */
void settle_world_settle (MigInterrupted *interrupted, Has a, Has b);
void settle_world_leaving (const MigSettleLimit *limit, MigInterrupted *interrupted, gboolean to_b);
