/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <libvirt/libvirt.h>
#include <string.h>

#include "virt/cpu-map.h"

char *
mig_cpu_map_to_text (const unsigned char *map, const char *online)
{
  guint n = strlen (online);
  char *text = g_malloc0 (n + 1);
  gboolean all = TRUE;

  for (guint i = 0; i < n; i++)
    {
      text[i] = VIR_CPU_USED (map, i) ? '1' : '0';
      all &= text[i] == '1' || online[i] == '0';
    }
  return all ? memset (text, '1', n) : text;
}

char *
mig_cpu_maps_to_text (const unsigned char *maps, int n, const char *online)
{
  gsize length = VIR_CPU_MAPLEN (strlen (online));
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *map = mig_cpu_map_to_text (maps + (gsize) i * length, online);
      g_string_append_printf (text, "%s%s", i ? "," : "", map);
    }
  return g_string_free (text, FALSE);
}

void
mig_cpu_map_from_text (unsigned char *map, const char *text, const char *online)
{
  gsize length = strlen (text), n = strlen (online);
  gboolean all = strspn (text, "1") == length, any = FALSE;

  for (gsize i = 0; i < n; i++)
    if (online[i] == '1' && (all || (i < length && text[i] == '1')))
      {
        VIR_USE_CPU (map, i);
        any = TRUE;
      }
  for (gsize i = 0; i < n && !any; i++)
    if (online[i] == '1')
      VIR_USE_CPU (map, i);
}
