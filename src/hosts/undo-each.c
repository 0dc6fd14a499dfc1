/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/undo-private.h"
#include "lab/lab.h"

/* In which order changes are taken back, and when they are forgotten. */

/* A host over a connection of its own, or why there is none: asked once, not for every change. */
typedef struct {
  MigHost *host;
  GError *error;
} Reached;

static void
reached_free (gpointer data)
{
  Reached *reached = data;

  g_clear_pointer (&reached->host, mig_host_free);
  g_clear_error (&reached->error);
  g_free (reached);
}

/* One pass over a journal. */
typedef struct {
  MigUndo *undo;
  const MigUndoTeller *teller;
  GHashTable *hosts; /* of Reached, by URI */
} Pass;

#define PASS_INIT(undo, teller)                                                                    \
  {                                                                                                \
    undo, teller, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, reached_free)            \
  }

static void
pass_clear (Pass *pass)
{
  g_hash_table_unref (pass->hosts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_clear)

static MigHost *
reach (const Pass *pass, const char *uri, GError **error)
{
  Reached *reached = g_hash_table_lookup (pass->hosts, uri);

  if (!reached)
    {
      reached = g_new0 (Reached, 1);
      reached->host = mig_host_open ("left over", uri, &reached->error);
      g_hash_table_insert (pass->hosts, g_strdup (uri), reached);
    }
  if (!reached->host && error)
    *error = g_error_copy (reached->error);
  return reached->host;
}

/* by_any_connection: that of the run; where there is none, or it fails, one of its own. */
static gboolean
by_any_connection (const Pass *pass, const MigChange *change, gboolean *there, GError **error)
{
  if (change->host && mig_change_take_back (change, change->host, there, NULL))
    return TRUE;
  MigHost *host = reach (pass, change->uri, error);
  if (!host)
    return FALSE;
  if (mig_change_take_back (change, host, there, error))
    return TRUE;
  /* it may have broken: the next change gets another one */
  g_hash_table_remove (pass->hosts, change->uri);
  return FALSE;
}

/* take_back: *there: something was done. A lab that is gone took all in it along. */
static gboolean
take_back (const Pass *pass, const MigChange *change, gboolean *there, GError **error)
{
  *there = FALSE;
  if (!change->host && mig_lab_is_gone (change->uri))
    return TRUE;
  if (!by_any_connection (pass, change, there, error))
    return FALSE;
  if (*there)
    pass->teller->taken (change, pass->teller->data);
  return TRUE;
}

/* undo_one: TRUE: it is taken back, and forgotten. */
static gboolean
undo_one (const Pass *pass, guint index)
{
  const MigChange *change = pass->undo->changes->pdata[index];
  g_autoptr (GError) error = NULL;
  gboolean there;

  if (take_back (pass, change, &there, &error))
    {
      mig_undo_forget_at (pass->undo, index);
      return TRUE;
    }
  pass->teller->failed (change, error, pass->teller->data);
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
ask (const Pass *pass, const MigChange *change, Answers *answers)
{
  g_autoptr (GError) error = NULL;
  gboolean there;

  if (take_back (pass, change, &there, &error))
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
static void
undo_guests (const Pass *pass, const char *uuid)
{
  MigUndo *undo = pass->undo;
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
      ask (pass, change, answers);
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
        pass->teller->failed (change, answers->error, pass->teller->data);
    }
}

void
mig_undo_guests (MigUndo *undo, const char *uuid, const MigUndoTeller *teller)
{
  g_auto (Pass) pass = PASS_INIT (undo, teller);

  undo_guests (&pass, uuid);
}

/* First domains, first one first: where a migration was cut off, the guest ends on the host that it
 * is sent from before the one that it arrives on, which has no guest yet while that waits for the
 * first byte, and would have one afterwards. Then the rest, last one first, and what was changed of
 * guests that were there. */
void
mig_undo_each (MigUndo *undo, const MigUndoTeller *teller)
{
  g_auto (Pass) pass = PASS_INIT (undo, teller);
  GPtrArray *changes = undo->changes;

  for (guint i = 0; i < changes->len;)
    if (((const MigChange *) changes->pdata[i])->kind != MIG_CHANGE_DOMAIN || !undo_one (&pass, i))
      i++;
  for (guint i = changes->len; i > 0; i--)
    {
      g_autofree char *guest = mig_change_guest (changes->pdata[i - 1]);
      if (!guest && ((const MigChange *) changes->pdata[i - 1])->kind != MIG_CHANGE_DOMAIN)
        undo_one (&pass, i - 1);
    }
  undo_guests (&pass, NULL);
}
