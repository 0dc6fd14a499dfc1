/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

/* Whether migrations by post-copy were such: one whose memory is there first ends in pre-copy. */

/* Of all sound runs. */
typedef struct {
  guint n, n_switched;
  gint64 requests; /* pages that guests of those waited for; missing: not known of each */
} MigPostCopies;

/* Of a run none of whose post-copies was one. */
#define MIG_POST_COPY_LATE "all memory was there before the switch to post-copy: it was pre-copy"

/* mig_post_copies_add: one more migration, of whatever technique. */
void mig_post_copies_add (MigPostCopies *post_copies, const MigMigrationRecord *migration);
