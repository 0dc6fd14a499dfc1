/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "virt/internal.h"

/* What libvirt's last error becomes. */

static virError last;

virErrorPtr
virGetLastError (void)
{
  return &last;
}

static void
test_codes (void)
{
  static const struct {
    int libvirt;
    MigErrorCode code;
  } cases[] = {
    { VIR_ERR_OPERATION_FAILED, MIG_ERROR_FAILED },
    { VIR_ERR_OPERATION_UNSUPPORTED, MIG_ERROR_UNSUPPORTED },
    { VIR_ERR_MIGRATE_UNSAFE, MIG_ERROR_UNSUPPORTED }, /* whatever the destination */
    { VIR_ERR_DOM_EXIST, MIG_ERROR_EXISTS },
    { VIR_ERR_OPERATION_TIMEOUT, MIG_ERROR_TIMEOUT },
    { VIR_ERR_OPERATION_ABORTED, MIG_ERROR_INTERRUPTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      last = (virError){ .code = cases[i].libvirt, .message = (char *) "why\n" };
      mig_virt_error (&error, "cannot migrate '%s'", "web");
      g_assert_error (error, MIG_ERROR, (int) cases[i].code);
      g_assert_cmpstr (error->message, ==, "cannot migrate 'web': why");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/virt-error/codes", test_codes);
  return g_test_run ();
}
