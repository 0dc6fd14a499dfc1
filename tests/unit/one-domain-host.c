/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/one-domain-host.h"

char *
one_domain_host (const char *top, const char *name, const char *uuid, int state, const char *os)
{
  g_autofree char *path = g_build_filename (top, name, NULL);
  g_autofree char *node = g_strdup_printf (
      "<node><domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>"
      "<name>web</name><uuid>%s</uuid><memory>65536</memory><os><type>hvm</type>%s</os>"
      "<test:runstate>%d</test:runstate></domain></node>",
      uuid, os ? os : "", state);

  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  return g_strdup_printf ("test://%s", path);
}
