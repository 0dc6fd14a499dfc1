/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "probe/probe-address.h"

gboolean
mig_probe_address_parse (const char *text, guint port, MigProbeAddress *address)
{
  memset (address, 0, sizeof *address);
  if (inet_pton (AF_INET, text, &address->ip4.sin_addr) == 1)
    {
      address->ip4.sin_family = AF_INET;
      address->ip4.sin_port = htons ((guint16) port);
      address->size = sizeof address->ip4;
    }
  else if (inet_pton (AF_INET6, text, &address->ip6.sin6_addr) == 1)
    {
      address->ip6.sin6_family = AF_INET6;
      address->ip6.sin6_port = htons ((guint16) port);
      address->size = sizeof address->ip6;
    }
  return address->size > 0;
}

char *
mig_probe_address_host (const char *text)
{
  return strchr (text, ':') ? g_strdup_printf ("[%s]", text) : g_strdup (text);
}
