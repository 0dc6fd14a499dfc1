/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/post-copy.h"

static gboolean
is_asked (const MigMigrationRecord *migration)
{
  return g_strcmp0 (migration->technique, "post-copy") == 0 &&
         g_strcmp0 (migration->status, "ok") == 0;
}

/* is_late: it arrived, and not by post-copy, as it should have. */
static gboolean
is_late (const MigMigrationRecord *migration)
{
  return is_asked (migration) && migration->stopped_by &&
         g_strcmp0 (migration->stopped_by, "post-copy") != 0;
}

void
mig_post_copies_add (MigPostCopies *post_copies, const MigMigrationRecord *migration)
{
  if (!is_asked (migration))
    return;
  post_copies->n++;
  if (is_late (migration))
    return;
  post_copies->n_switched++;
  if (MIG_IS_MISSING (migration->post_copy_requests) || MIG_IS_MISSING (post_copies->requests))
    post_copies->requests = MIG_MISSING_INT;
  else
    post_copies->requests += migration->post_copy_requests;
}
