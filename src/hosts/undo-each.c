/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/undo-private.h"
#include "lab/lab.h"

/* In which order changes are taken back, and when they are forgotten. */

/* take_back: *there: something was done. A lab that is gone took all in it along. */
static gboolean
take_back (const MigChange *change, const MigUndoTeller *teller, gboolean *there, GError **error)
{
  *there = FALSE;
  if (!change->host && mig_lab_is_gone (change->uri))
    return TRUE;
  if (!mig_change_take_back (change, there, error))
    return FALSE;
  if (*there)
    teller->taken (change, teller->data);
  return TRUE;
}

/* undo_one: TRUE: it is taken back, and forgotten. */
static gboolean
undo_one (MigUndo *undo, guint index, const MigUndoTeller *teller)
{
  const MigChange *change = undo->changes->pdata[index];
  g_autoptr (GError) error = NULL;
  gboolean there;

  if (take_back (change, teller, &there, &error))
    {
      mig_undo_forget_at (undo, index);
      return TRUE;
    }
  teller->failed (change, error, teller->data);
  return FALSE;
}

/* What hosts say of one guest, and of one kind of change. */
typedef struct {
  gboolean put;            /* back, by one of them */
  const MigChange *change; /* the first one that could not be taken back; NULL: none */
  GError *error;
} Answers;

static void
answers_free (gpointer data)
{
  Answers *answers = data;
  g_clear_error (&answers->error);
  g_free (answers);
}

/* key_of: NULL: it is not of that guest (NULL: any). The caller frees it. */
static char *
key_of (const MigChange *change, const char *uuid)
{
  g_autofree char *guest = mig_change_guest (change);

  return guest && (!uuid || strcmp (guest, uuid) == 0)
             ? g_strdup_printf ("%d %s", (int) change->kind, guest)
             : NULL;
}

static void
ask (const MigChange *change, const MigUndoTeller *teller, Answers *answers)
{
  g_autoptr (GError) error = NULL;
  gboolean there;

  if (take_back (change, teller, &there, &error))
    answers->put |= there;
  else if (!answers->change)
    {
      answers->change = change;
      answers->error = g_steal_pointer (&error);
    }
}

/* One change per host, last one first. Those of one guest are forgotten together: when a host has
 * put them back, or all hosts have told that they have not the guest. While it is on its way it is
 * on neither, and goes on with what its destination was told. */
void
mig_undo_guests (MigUndo *undo, const char *uuid, const MigUndoTeller *teller)
{
  g_autoptr (GHashTable)
      guests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answers_free);

  for (guint i = undo->changes->len; i > 0; i--)
    {
      const MigChange *change = undo->changes->pdata[i - 1];
      g_autofree char *key = key_of (change, uuid);
      Answers *answers = key ? g_hash_table_lookup (guests, key) : NULL;
      if (!key)
        continue;
      if (!answers)
        g_hash_table_insert (guests, g_strdup (key), answers = g_new0 (Answers, 1));
      ask (change, teller, answers);
    }
  for (guint i = undo->changes->len; i > 0; i--)
    {
      const MigChange *change = undo->changes->pdata[i - 1];
      g_autofree char *key = key_of (change, uuid);
      const Answers *answers = key ? g_hash_table_lookup (guests, key) : NULL;
      if (!answers)
        continue;
      if (answers->put || !answers->change)
        mig_undo_forget_at (undo, i - 1);
      else if (answers->change == change)
        teller->failed (change, answers->error, teller->data);
    }
}

/* First domains, first one first: where a migration was cut off, the guest ends on the host that it
 * is sent from before the one that it arrives on, which has no guest yet while that waits for the
 * first byte, and would have one afterwards. Then the rest, last one first, and what was changed of
 * guests that were there. */
void
mig_undo_each (MigUndo *undo, const MigUndoTeller *teller)
{
  GPtrArray *changes = undo->changes;

  for (guint i = 0; i < changes->len;)
    if (((const MigChange *) changes->pdata[i])->kind != MIG_CHANGE_DOMAIN ||
        !undo_one (undo, i, teller))
      i++;
  for (guint i = changes->len; i > 0; i--)
    {
      g_autofree char *guest = mig_change_guest (changes->pdata[i - 1]);
      if (!guest && ((const MigChange *) changes->pdata[i - 1])->kind != MIG_CHANGE_DOMAIN)
        undo_one (undo, i - 1, teller);
    }
  mig_undo_guests (undo, NULL, teller);
}
