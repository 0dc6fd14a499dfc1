/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "hosts/saved-image.h"
#include "measure/repetition-guests.h"

/* how often saving is asked to end */
#define ABORT_PERIOD_NS (MIG_NS_PER_S / 2)

/* ---- start ---- */

gboolean
mig_repetition_start_guests (MigRepetition *repetition, const MigStudyCase *study_case,
                             GError **error)
{
  const GPtrArray *studied = repetition->run->study->guests, *guests = repetition->guests;
  gboolean ok = TRUE;

  for (guint i = 0; i < studied->len; i++)
    {
      const MigStudyGuest *guest = studied->pdata[i];
      mig_repetition_add (repetition, mig_run_guest_new (repetition->run, guest,
                                                         mig_case_moves (study_case, guest->name)));
    }
  for (guint i = 0; i < guests->len; i++)
    mig_run_guest_start (guests->pdata[i]);
  for (guint i = 0; i < guests->len; i++)
    ok = mig_run_guest_join (guests->pdata[i], ok ? error : NULL) && ok;
  for (guint i = 0; ok && i < guests->len; i++)
    ok = mig_run_guest_resume (guests->pdata[i], error);
  return ok;
}

/* ---- until they are ready ---- */

/* count_unready: and the first of them. */
static guint
count_unready (const MigRepetition *repetition, const MigRunGuest **first)
{
  guint n = 0;

  for (guint i = 0; i < repetition->guests->len; i++)
    if (!mig_run_guest_is_ready (repetition->guests->pdata[i]) && ++n == 1)
      *first = repetition->guests->pdata[i];
  return n;
}

static gboolean
all_ready (const MigRepetition *repetition)
{
  const MigRunGuest *first;
  return count_unready (repetition, &first) == 0;
}

/* check_ready: error: the first that is not, how many others, where to look. */
static gboolean
check_ready (const MigRepetition *repetition, gint64 timeout_ns, GError **error)
{
  g_autofree char *limit = mig_units_format_duration (timeout_ns);
  const MigRunGuest *first = NULL;

  g_mutex_lock (&repetition->run->lock);
  guint n = count_unready (repetition, &first);
  const MigConsoleReader *reader = first ? mig_guest_console_last (mig_run_guest_console (first))
                                         : NULL;
  g_autofree char *log = g_strdup (reader ? mig_console_reader_log (reader) : NULL);
  g_mutex_unlock (&repetition->run->lock);
  if (!first)
    return TRUE;
  g_autofree char *others = n > 1 ? g_strdup_printf (", nor were %u others", n - 1) : g_strdup ("");
  g_autofree char *place = log ? g_strdup_printf ("see %s in the result directory", log)
                               : g_strdup ("it said nothing: check that its kernel and initramfs "
                                           "boot there");
  g_set_error (error, MIG_ERROR, MIG_ERROR_TIMEOUT,
               "guest '%s' on host '%s' was not ready within %s%s; %s, or allow more time with "
               "--ready-timeout",
               mig_run_guest_name (first), mig_run_guest_home (first)->study->name, limit, others,
               place);
  return FALSE;
}

gboolean
mig_repetition_await_guests (MigRepetition *repetition, GError **error)
{
  gint64 timeout = repetition->run->study->ready_timeout_ns;
  GError *failure = NULL;

  if (mig_repetition_wait_for (repetition, all_ready, mig_clock_now () + timeout, TRUE, &failure))
    return TRUE;
  if (failure)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return check_ready (repetition, timeout, error);
}

/* ---- saved ---- */

static gboolean
starts_one (const GPtrArray *guests, const MigRunHost *host)
{
  for (guint i = 0; i < guests->len; i++)
    if (mig_run_guest_home (guests->pdata[i]) == host)
      return TRUE;
  return FALSE;
}

/* image_bytes: of all that may lie where that host's do. */
static guint64
image_bytes (const GPtrArray *guests, const MigRunHost *host)
{
  guint64 bytes = 0;

  for (guint i = 0; i < guests->len; i++)
    {
      const MigRunHost *home = mig_run_guest_home (guests->pdata[i]);
      if (mig_saved_images_share (home, host))
        bytes += mig_saved_image_size (home, mig_run_guest_study (guests->pdata[i]));
    }
  return bytes;
}

/* Whether those that are to be saved, and all that run, have room beside each other. */
static gboolean
have_room (const MigRepetition *repetition, const GPtrArray *chosen)
{
  const GPtrArray *hosts = repetition->run->options.hosts;
  guint64 guest_bytes = 0;
  gboolean allowed = TRUE;

  /* each fills its memory, and has a second one on the destination */
  for (guint i = 0; i < repetition->guests->len; i++)
    guest_bytes += 2 * mig_run_guest_study (repetition->guests->pdata[i])->memory_bytes;
  for (guint i = 0; allowed && i < hosts->len; i++)
    if (starts_one (chosen, hosts->pdata[i]))
      allowed = mig_saved_guests_allow (repetition->run->saved, hosts->pdata[i],
                                        image_bytes (chosen, hosts->pdata[i]), guest_bytes);
  return allowed;
}

/* must_stop: whether the run must. */
static gboolean
must_stop (MigRepetition *repetition, GError **error)
{
  g_mutex_lock (&repetition->run->lock);
  gboolean stop = mig_run_must_stop (repetition->run, error);
  g_mutex_unlock (&repetition->run->lock);
  return stop;
}

static gboolean
none_is_saving (const MigRepetition *repetition)
{
  for (guint i = 0; i < repetition->guests->len; i++)
    if (mig_run_guest_is_saving (repetition->guests->pdata[i]))
      return FALSE;
  return TRUE;
}

/* abort_saving: until none goes on: one that has not begun refuses. Under the lock, which is given
 * back meanwhile. */
static void
abort_saving (MigRepetition *repetition, const GPtrArray *chosen)
{
  while (!none_is_saving (repetition))
    {
      g_mutex_unlock (&repetition->run->lock);
      for (guint i = 0; i < chosen->len; i++)
        mig_run_guest_abort_save (chosen->pdata[i]);
      g_mutex_lock (&repetition->run->lock);
      if (!none_is_saving (repetition))
        mig_repetition_wait (repetition, mig_clock_now () + ABORT_PERIOD_NS);
    }
}

/* save: FALSE: the run must stop, and no guest is being saved any more. */
static gboolean
save (MigRepetition *repetition, const GPtrArray *chosen, GError **error)
{
  for (guint i = 0; i < chosen->len; i++)
    mig_run_guest_save (chosen->pdata[i]);
  gboolean saved = mig_repetition_wait_for (repetition, none_is_saving, G_MAXINT64, FALSE, error);
  if (!saved)
    {
      mig_saved_guests_stop (repetition->run->saved);
      g_mutex_lock (&repetition->run->lock);
      abort_saving (repetition, chosen);
      g_mutex_unlock (&repetition->run->lock);
    }
  for (guint i = 0; i < chosen->len; i++)
    mig_run_guest_join (chosen->pdata[i], NULL);
  return saved;
}

/* discard_guests: what comes after them are others. */
static void
discard_guests (MigRepetition *repetition)
{
  GPtrArray *none = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_guest_free);

  mig_repetition_end_guests (repetition);
  g_mutex_lock (&repetition->run->lock);
  GPtrArray *guests = g_steal_pointer (&repetition->guests);
  repetition->guests = none;
  g_mutex_unlock (&repetition->run->lock);
  g_ptr_array_unref (guests);
}

gboolean
mig_repetition_save_guests (MigRepetition *repetition, const MigStudyCase *study_case,
                            GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

  for (guint i = 0; i < repetition->guests->len; i++)
    if (mig_run_guest_is_worth_saving (repetition->guests->pdata[i]))
      g_ptr_array_add (chosen, repetition->guests->pdata[i]);
  if (chosen->len == 0)
    return TRUE;
  if (must_stop (repetition, error))
    return FALSE;
  if (!have_room (repetition, chosen))
    return TRUE;
  /* libxl's daemon may hang when a guest ends whose console is read */
  for (guint i = 0; i < chosen->len; i++)
    mig_guest_console_close (mig_run_guest_console (chosen->pdata[i]));
  gboolean saved = save (repetition, chosen, error);
  discard_guests (repetition);
  return saved && mig_repetition_start_guests (repetition, study_case, error) &&
         mig_repetition_await_guests (repetition, error);
}

/* ---- before they settle ---- */

static gboolean
all_ran_pinned (const MigRepetition *repetition)
{
  for (guint i = 0; i < repetition->guests->len; i++)
    if (!mig_run_guest_runs_pinned (repetition->guests->pdata[i]))
      return FALSE;
  return TRUE;
}

void
mig_repetition_forget_rates (MigRepetition *repetition)
{
  const GPtrArray *guests = repetition->guests;

  if (all_ran_pinned (repetition))
    return;
  g_mutex_lock (&repetition->run->lock);
  for (guint i = 0; i < guests->len; i++)
    mig_guest_console_forget_rates (mig_run_guest_console (guests->pdata[i]));
  g_mutex_unlock (&repetition->run->lock);
}

/* ---- end ---- */

void
mig_repetition_end_guests (MigRepetition *repetition)
{
  const GPtrArray *guests = repetition->guests;

  for (guint i = 0; i < guests->len; i++)
    {
      mig_guest_console_close (mig_run_guest_console (guests->pdata[i]));
      mig_run_guest_destroy (guests->pdata[i]);
    }
  for (guint i = 0; i < guests->len; i++)
    {
      g_autoptr (GError) error = NULL;
      if (!mig_run_guest_join (guests->pdata[i], &error))
        mig_warning ("%s; migcost tries again at the end and at its next start", error->message);
    }
}
