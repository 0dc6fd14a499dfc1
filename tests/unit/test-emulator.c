/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hosts/emulator.h"

static void
test_version (void)
{
  static const struct {
    const char *text;
    guint64 version;
  } cases[] = {
    { "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\nCopyright", 10000002 },
    { "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\n", 7002022 },
    { "QEMU emulator version 9.1\n", 9001000 },
    { "QEMU emulator version 8.2.50 (v8.2.0-1-gabcdef)", 8002050 },
    { "QEMU emulator version unknown", 0 },
    { "version 9.0.0", 0 },
    { "", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (mig_emulator_parse_version (cases[i].text), ==, cases[i].version);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/version", test_version);
  return g_test_run ();
}
