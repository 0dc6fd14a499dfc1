/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "hosts/saved-image.h"
#include "measure/repetition-guests.h"
#include "measure/run-guest-state.h"
#include "tests/unit/pool-host.h"

/* What becomes of a repetition's guests, two of 6 GB, one on each of two hosts, with calls that
 * stand in place of those to hosts. */

static const char study_xml[] =
    "<study name='s'><hosts><host name='a' uri='test:///default'/><host name='b' "
    "uri='test:///default'/></hosts><workload name='c' type='cpu'/>"
    "<guest name='one' workload='c' memory='6 GB' host='a'/>"
    "<guest name='two' workload='c' memory='6 GB' host='b'/>"
    "<cases><sequence>one</sequence></cases></study>";

#define GUEST_BYTES G_GUINT64_CONSTANT (6000000000)
#define FREE_BYTES G_GUINT64_CONSTANT (10000000000)

static struct {
  const char *uris[2]; /* of the hosts, in the study's order */
  guint64 asked[2];    /* bytes that each is asked to have room for */
  MigRun *cancels;     /* that is cancelled while a guest is being saved; NULL: none */
  int aborted;         /* atomic */
  int saved;           /* atomic */
  guint started, forgotten;
} world;
gboolean __wrap_mig_guest_abort_save (MigGuest *guest);

const char *__wrap_mig_host_uri (const MigHost *host);
gboolean __wrap_mig_saved_image_has_room (const MigRunHost *host, guint64 bytes,
                                          guint64 guest_bytes, GError **error);
void __wrap_mig_guest_console_forget_rates (MigGuestConsole *console);
void __wrap_mig_run_guest_start (MigRunGuest *run_guest);
void __wrap_mig_saved_guests_save (MigSavedGuests *saved, const char *definition,
                                   const MigRunHost *host, MigGuest *guest);

static guint
number (const char *host)
{
  return strcmp (host, "b") == 0;
}

const char *
__wrap_mig_host_uri (const MigHost *host)
{
  return world.uris[number (mig_host_name (host))];
}

gboolean
__wrap_mig_saved_image_has_room (const MigRunHost *host, guint64 bytes, guint64 guest_bytes,
                                 GError **error)
{
  world.asked[number (host->study->name)] = bytes;
  if (bytes <= FREE_BYTES)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "it is too little");
  return FALSE;
}

/* Refused the first time, as where it has not begun. */
gboolean
__wrap_mig_guest_abort_save (MigGuest *guest)
{
  return g_atomic_int_add (&world.aborted, 1) > 0;
}

void
__wrap_mig_saved_guests_save (MigSavedGuests *saved, const char *definition, const MigRunHost *host,
                              MigGuest *guest)
{
  g_atomic_int_inc (&world.saved);
  if (!world.cancels)
    return;
  mig_run_cancel (world.cancels);
  while (g_atomic_int_get (&world.aborted) < 3)
    g_usleep (1000);
}

/* none starts: each study's guest is only counted */
void
__wrap_mig_run_guest_start (MigRunGuest *run_guest)
{
  world.started++;
  g_set_error (&run_guest->failure, MIG_ERROR, MIG_ERROR_FAILED, "none starts here");
}

void
__wrap_mig_guest_console_forget_rates (MigGuestConsole *console)
{
  world.forgotten++;
}

static MigRunHost *
host_of (const MigStudyHost *study)
{
  g_autoptr (GError) error = NULL;
  MigHost *host = mig_host_open (study->name, study->uri, &error);

  g_assert_no_error (error);
  MigRunHost *run_host = mig_run_host_new (study, host);
  run_host->save_place = g_strdup (POOL);
  return run_host;
}

/* begin: both guests have booted, and are worth saving. */
static MigRepetition *
begin (const MigStudy *study, GPtrArray *hosts)
{
  static const MigProgress progress = { .position = 1, .total = 1, .case_label = "one" };
  MigRunOptions options = { .hosts = hosts };

  for (guint i = 0; i < study->hosts->len; i++)
    g_ptr_array_add (hosts, host_of (study->hosts->pdata[i]));
  MigRun *run = mig_run_new (&options, study);
  run->saved = mig_saved_guests_new (NULL);
  run->guests_return = TRUE;
  MigRepetition *repetition = mig_repetition_new (run, &progress);
  for (guint i = 0; i < study->guests->len; i++)
    {
      MigRunGuest *run_guest = mig_run_guest_new (run, study->guests->pdata[i], FALSE);
      run_guest->definition = g_strdup (mig_run_guest_name (run_guest));
      g_ptr_array_add (run_guest->handles, mig_guest_lookup (run_guest->home->host, "test", NULL));
      mig_repetition_add (repetition, run_guest);
    }
  return repetition;
}

static void
end (MigRepetition *repetition)
{
  MigRun *run = repetition->run;

  mig_repetition_free (repetition);
  mig_saved_guests_free (run->saved);
  mig_run_free (run);
}

static MigStudy *
parse (void)
{
  g_autoptr (GError) error = NULL;
  MigStudy *study = mig_study_parse (study_xml, sizeof study_xml - 1, "s.xml", &error);

  g_assert_no_error (error);
  memset (&world, 0, sizeof world);
  world.uris[0] = "qemu+ssh://a/system";
  world.uris[1] = "qemu+ssh://b/system";
  return study;
}

/* Each host needs room for its own guest, but for both where they may lie in one place. */
static void
test_room (void)
{
  static const struct {
    const char *uri; /* of the second host */
    gboolean remote, share;
  } seconds[] = { { "qemu+ssh://b/system", FALSE, FALSE },
                  { "qemu+ssh://b/system", TRUE, TRUE },
                  { "qemu+tls://a/system", FALSE, TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MigStudy) study = parse ();
      g_autoptr (GPtrArray)
          hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_host_free);
      MigRepetition *repetition = begin (study, hosts);
      gboolean share = seconds[i].share;

      world.uris[1] = seconds[i].uri;
      ((MigRunHost *) hosts->pdata[1])->save_remote = seconds[i].remote;
      gboolean ok = mig_repetition_save_guests (repetition, study->cases->pdata[0], &error);
      g_assert_true (ok == share); /* what starts again fails to, here */
      g_assert_cmpuint (world.asked[0], ==, share ? 2 * GUEST_BYTES : GUEST_BYTES);
      g_assert_cmpuint (world.asked[1], ==, share ? 0 : GUEST_BYTES);
      g_assert_cmpint (world.saved, ==, share ? 0 : 2);
      g_assert_cmpuint (world.started, ==, share ? 0 : 2);
      end (repetition);
    }
}

/* What a guest did while another one was pinned, or brought home, is not steady for long. */
static void
test_rates (void)
{
  g_autoptr (MigStudy) study = parse ();
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_host_free);
  MigRepetition *repetition = begin (study, hosts);
  MigRunGuest *one = repetition->guests->pdata[0], *two = repetition->guests->pdata[1];

  one->restored = TRUE;
  mig_repetition_forget_rates (repetition);
  g_assert_cmpuint (world.forgotten, ==, 2);
  two->restored = TRUE;
  mig_repetition_forget_rates (repetition);
  g_assert_cmpuint (world.forgotten, ==, 2);
  end (repetition);
}

/* An interrupt ends the saving of guests, and nothing is restored; one that came before saves none.
 */
static void
test_interrupted (void)
{
  for (guint during = 0; during < 2; during++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MigStudy) study = parse ();
      g_autoptr (GPtrArray)
          hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_host_free);
      MigRepetition *repetition = begin (study, hosts);

      if (during)
        world.cancels = repetition->run;
      else
        mig_run_cancel (repetition->run);
      g_assert_false (mig_repetition_save_guests (repetition, study->cases->pdata[0], &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INTERRUPTED);
      g_assert_cmpint (world.saved, ==, during ? 2 : 0);
      g_assert_cmpint (world.aborted, >=, during ? 3 : 0);
      g_assert_cmpuint (world.started, ==, 0);
      g_assert_false (mig_saved_guests_wants (repetition->run->saved, "one") && during);
      end (repetition);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/repetition-guests/room", test_room);
  g_test_add_func ("/repetition-guests/rates", test_rates);
  g_test_add_func ("/repetition-guests/interrupted", test_interrupted);
  pool_host_start ();
  int status = g_test_run ();
  pool_host_end ();
  return status;
}
