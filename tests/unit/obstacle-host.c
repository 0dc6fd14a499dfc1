/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/unit/obstacle-host.h"

MigHost *
obstacle_host (const char *top, const char *name, const char *uuid, const char *devices,
               const char *rest)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/%s.xml", top, name);
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autofree char *node = g_strdup_printf (
      "<node><domain type='test'><name>g</name><uuid>%s</uuid><memory>65536</memory>"
      "<os><type>hvm</type></os><devices>%s</devices></domain>%s</node>",
      uuid, devices, rest);

  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  MigHost *host = mig_host_open (name, uri, &error);
  g_assert_no_error (error);
  return host;
}

gboolean
obstacle_is_among (const GPtrArray *obstacles, const char *reason, gboolean certain)
{
  for (guint i = 0; i < obstacles->len; i++)
    {
      const MigGuestObstacle *one = obstacles->pdata[i];
      if (strstr (one->reason, reason) && one->certain == certain)
        return TRUE;
    }
  return FALSE;
}
