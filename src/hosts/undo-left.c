/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "hosts/undo-private.h"

/* What killed processes left: their journals are worked off, and told of. */

/* at one time one thread of this process: another one would not wait for it */
static GMutex recovering;

/* for_each_abandoned: through a callback, one after the other; a journal in which nothing is left
 * afterwards is removed. */
static void
for_each_abandoned (void (*func) (MigUndo *undo, gpointer data), gpointer data)
{
  g_autofree char *directory = mig_undo_directory ();
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  g_mutex_lock (&recovering);
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autoptr (MigUndo)
          undo = g_str_has_prefix (name, "journal-") ? mig_undo_open_abandoned (path) : NULL;
      if (undo)
        func (undo, data);
    }
  g_mutex_unlock (&recovering);
}

static void
forget_host (MigUndo *undo, gpointer data)
{
  for (guint i = undo->changes->len; i > 0; i--)
    if (strcmp (((MigChange *) undo->changes->pdata[i - 1])->uri, data) == 0)
      mig_undo_forget_at (undo, i - 1);
}

void
mig_undo_forget_host (const char *uri)
{
  for_each_abandoned (forget_host, (gpointer) uri);
}

/* What could not be taken back, of one host and for one reason. */
typedef struct {
  char *uri;
  char *reason;
  GString *what;
} Failure;

static void
failure_free (gpointer data)
{
  Failure *failure = data;

  g_free (failure->uri);
  g_free (failure->reason);
  g_string_free (failure->what, TRUE);
  g_free (failure);
}

typedef struct {
  const char *uuid; /* the changes of that guest alone; NULL: all */
  guint recovered;
  GPtrArray *failures; /* of the journal that is looked at */
} Recovery;

static void
left_taken (const MigChange *change, gpointer data)
{
  Recovery *recovery = data;
  g_autofree char *value = mig_journal_value_text (change->kind, change->value);

  mig_info ("took back what an earlier run left on %s: %s '%s'", change->uri,
            mig_change_name (change->kind), value);
  recovery->recovered++;
}

static Failure *
failure_of (GPtrArray *failures, const char *uri, const char *reason)
{
  for (guint i = 0; i < failures->len; i++)
    {
      Failure *failure = failures->pdata[i];
      if (strcmp (failure->uri, uri) == 0 && strcmp (failure->reason, reason) == 0)
        return failure;
    }
  Failure *failure = g_new (Failure, 1);
  *failure = (Failure){ g_strdup (uri), g_strdup (reason), g_string_new (NULL) };
  g_ptr_array_add (failures, failure);
  return failure;
}

static void
left_failed (const MigChange *change, const GError *error, gpointer data)
{
  Recovery *recovery = data;
  g_autofree char *value = mig_journal_value_text (change->kind, change->value);
  Failure *failure = failure_of (recovery->failures, change->uri, error->message);

  g_string_append_printf (failure->what, "%s%s '%s'", failure->what->len ? ", " : "",
                          mig_change_name (change->kind), value);
}

static void
recover_one (MigUndo *undo, gpointer data)
{
  Recovery *recovery = data;
  const MigUndoTeller teller = { left_taken, left_failed, recovery };

  if (recovery->uuid)
    mig_undo_guests (undo, recovery->uuid, &teller);
  else
    mig_undo_each (undo, &teller);
  for (guint i = 0; i < recovery->failures->len; i++)
    {
      const Failure *failure = recovery->failures->pdata[i];
      mig_warning ("cannot take back what an earlier run left on %s (%s): %s; migcost tries again "
                   "at each start; if that host is gone for good, remove '%s'",
                   failure->uri, failure->what->str, failure->reason, undo->path);
    }
  g_ptr_array_set_size (recovery->failures, 0);
}

static guint
recover (const char *uuid)
{
  Recovery recovery = { uuid, 0, g_ptr_array_new_with_free_func (failure_free) };

  for_each_abandoned (recover_one, &recovery);
  g_ptr_array_unref (recovery.failures);
  return recovery.recovered;
}

gboolean
mig_undo_recover (guint *recovered, GError **error)
{
  *recovered = recover (NULL);
  return TRUE;
}

void
mig_undo_recover_guest (const char *uuid)
{
  recover (uuid);
}
