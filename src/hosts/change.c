/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/change.h"
#include "virt/migrate.h"
#include "virt/pin.h"
#include "virt/pool.h"
#include "virt/upload.h"

MigChange *
mig_change_new (guint id, MigChangeKind kind, const char *uri, const char *value)
{
  MigChange *change = g_new (MigChange, 1);

  *change = (MigChange){ id, kind, g_strdup (uri), g_strdup (value), NULL };
  return change;
}

void
mig_change_free (MigChange *change)
{
  g_free (change->uri);
  g_free (change->value);
  g_free (change);
}

/* value: "NAME UUID"; the name is for people. */
static gboolean
destroy_domain (MigHost *host, const char *value, GError **error)
{
  return mig_host_destroy_marked (host, strrchr (value, ' ') + 1, error);
}

/* What is put back is a host's, by the change's value; or a guest's, by the second word of
 * "UUID WORD NAME". */
static const struct {
  gboolean (*of_host) (MigHost *host, const char *value, GError **error);
  gboolean (*of_guest) (MigGuest *guest, const char *word, GError **error);
} ways[MIG_N_CHANGES] = {
  [MIG_CHANGE_DOMAIN] = { .of_host = destroy_domain },
  [MIG_CHANGE_MANAGEMENT_PIN] = { .of_host = mig_host_put_management_pins },
  [MIG_CHANGE_UPLOAD] = { .of_host = mig_host_remove_upload },
  [MIG_CHANGE_POOL] = { .of_host = mig_host_end_pool },
  [MIG_CHANGE_GUEST_PIN] = { .of_guest = mig_guest_put_pins },
  [MIG_CHANGE_MAX_DOWNTIME] = { .of_guest = mig_guest_put_max_downtime },
};

char *
mig_change_guest (const MigChange *change)
{
  return ways[change->kind].of_guest ? g_strndup (change->value, strcspn (change->value, " "))
                                     : NULL;
}

gboolean
mig_change_take_back (const MigChange *change, MigHost *host, gboolean *there, GError **error)
{
  g_auto (GStrv) words = g_strsplit (change->value, " ", 3);
  g_autoptr (MigGuest) guest = NULL;

  *there = TRUE;
  if (ways[change->kind].of_host)
    return ways[change->kind].of_host (host, change->value, error);
  if (!mig_host_settled_guest (host, words[0], &guest, error))
    return FALSE;
  *there = guest != NULL;
  return !guest || ways[change->kind].of_guest (guest, words[1], error);
}
