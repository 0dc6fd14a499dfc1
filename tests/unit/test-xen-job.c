/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>

#include "base/clock.h"
#include "virt/loop.h"
#include "virt/migrate.h"

/* Xen's driver tells of a job how long it has gone on, and nothing else: what becomes of that. Its
 * words stand in place of those of the driver for tests. */

#define NONE G_MAXUINT64

/* what it says when it is asked first, and again, ms; of which driver */
static guint64 elapsed_ms[2];
static guint asked;
static const char *driver;

const char *
virConnectGetType (virConnectPtr connection)
{
  return driver;
}

int
virDomainGetJobStats (virDomainPtr domain, int *type, virTypedParameterPtr *params, int *n,
                      unsigned int flags)
{
  guint64 ms = elapsed_ms[asked == 0 ? 0 : 1];
  int allocated = 0;

  asked++;
  *params = NULL;
  *n = 0;
  *type = ms == NONE ? VIR_DOMAIN_JOB_NONE : VIR_DOMAIN_JOB_UNBOUNDED;
  return ms == NONE
             ? 0
             : virTypedParamsAddULLong (params, n, &allocated, VIR_DOMAIN_JOB_TIME_ELAPSED, ms);
}

static void
check (MigGuest *guest, guint64 first_ms, guint64 second_ms, gboolean goes_on)
{
  elapsed_ms[0] = first_ms;
  elapsed_ms[1] = second_ms;
  asked = 0;
  g_autofree char *busy = mig_guest_busy (guest);
  g_assert_cmpstr (busy, ==, goes_on ? "a job of libvirt is running" : NULL);
  asked = 0;
  g_assert_true (mig_guest_is_leaving (guest) == goes_on);
}

static MigHost *
open_host (const char *as, MigGuest **guest)
{
  g_autoptr (GError) error = NULL;

  driver = as;
  MigHost *host = mig_host_open ("x", "test:///default", &error);
  g_assert_no_error (error);
  *guest = mig_guest_lookup (host, "test", &error);
  g_assert_no_error (error);
  return host;
}

static void
test_xen (void)
{
  g_autoptr (MigGuest) guest = NULL;
  MigHost *host = open_host ("Xen", &guest);

  check (guest, NONE, NONE, FALSE);
  check (guest, 3, NONE, FALSE);   /* a query */
  check (guest, 3, 2, FALSE);      /* another one */
  check (guest, 150, 350, TRUE);   /* the same job: a migration */
  check (guest, 2500, NONE, TRUE); /* long enough not to be asked for twice */
  g_clear_pointer (&guest, mig_guest_free);
  mig_host_free (host);
}

/* Where the driver could tell what it does, and does not, nobody is kept waiting. */
static void
test_others (void)
{
  g_autoptr (MigGuest) guest = NULL;
  MigHost *host = open_host ("QEMU", &guest);

  check (guest, 2500, 2700, FALSE);
  g_assert_cmpuint (asked, ==, 1);
  g_clear_pointer (&guest, mig_guest_free);
  mig_host_free (host);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/xen-job/xen", test_xen);
  g_test_add_func ("/xen-job/others", test_others);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
